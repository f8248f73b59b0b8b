"""Settings come from one place, and a wrong one is refused at start in words a person understands."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from storage import addresses
from storage.settings import Settings, SettingsRefused, load_settings, session_secret


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"NIANBAO_{field.upper()}", raising=False)
    monkeypatch.delenv("NIANBAO_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_lies_in_var_where_it_is_started(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/nianbao.sqlite3"
    assert settings.redis_url == f"redis+socket://{tmp_path}/var/redis.sock"
    assert settings.bind == "127.0.0.1:8000"
    assert (settings.template_dir / "open-government-annual").is_dir()


def test_the_environment_counts_more_than_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "nianbao.toml"
    config.write_text('bind = "0.0.0.0:80"\ndata_dir = "kept"\n')
    monkeypatch.setenv("NIANBAO_CONFIG", str(config))
    monkeypatch.setenv("NIANBAO_BIND", "127.0.0.1:9000")
    settings = load_settings()
    assert (settings.bind, settings.data_dir) == ("127.0.0.1:9000", tmp_path / "kept")


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (
            "DATABASE_URL",
            "mysql://root@localhost/x",
            "NIANBAO_DATABASE_URL：应当以 sqlite:/// 或 postgresql:// 开头",
        ),
        ("REDIS_URL", "amqp://localhost", "NIANBAO_REDIS_URL：应当以 redis://"),
        ("DATABASE_URL", "postgresql://a:b@host:port/x", "NIANBAO_DATABASE_URL：端口应当是 1 至 65535 的整数"),
        ("REDIS_URL", "redis://host:70000/0", "NIANBAO_REDIS_URL：端口应当是 1 至 65535 的整数"),
        ("TEMPLATE_DIR", "nowhere", "NIANBAO_TEMPLATE_DIR：没有这个文件夹（现在是"),
        ("BIND", "8000", "NIANBAO_BIND：应当写成“地址:端口”，例如 127.0.0.1:8000（现在是 '8000'）"),
        ("BIND", "127.0.0.1:65536", "NIANBAO_BIND：端口最大是 65535"),
        ("SECRET_KEY", "short", "NIANBAO_SECRET_KEY：太短，至少 32 个字符"),
        ("STALE_SECONDS", "soon", "NIANBAO_STALE_SECONDS：应当是数字（现在是 'soon'）"),
        ("HTTPS", "perhaps", "NIANBAO_HTTPS：应当是 true 或 false（现在是 'perhaps'）"),
        ("SWEEP_SECONDS", "-1", "NIANBAO_SWEEP_SECONDS：应当大于 0"),
        ("STALE_SECONDS", "5", "NIANBAO_HEARTBEAT_SECONDS 应当小于 NIANBAO_STALE_SECONDS"),
        ("PREVIEW_SECONDS", "200", "NIANBAO_PREVIEW_SECONDS 应当小于 NIANBAO_TASK_SOFT_SECONDS"),
        ("RETRY_SECONDS", "10, 60", "环境变量或配置文件的写法有误"),
        ("SMTP_HOST", "mail.example", "设置了 NIANBAO_SMTP_HOST，还要设置发件人 NIANBAO_SMTP_FROM"),
        ("SMTP_USER", "zwgk", "NIANBAO_SMTP_USER 和 NIANBAO_SMTP_PASSWORD 应当一起设置"),
        ("SMTP_FROM", "政务公开办", "NIANBAO_SMTP_FROM：应当是一个邮箱"),
        ("SMTP_FROM", "a@b.cn\nBcc: c@d.cn", "NIANBAO_SMTP_FROM：应当是一个邮箱"),
        ("SMTP_PORT", "70000", "NIANBAO_SMTP_PORT：不能大于 65535"),
        ("QUIET_HOURS", "夜里", "NIANBAO_QUIET_HOURS：应当写成“起-止”，例如 20:00-08:00"),
        ("STORE_URL", "/srv/documents", "NIANBAO_STORE_URL：应当以 file:/// 或 s3:// 开头"),
        ("STORE_URL", "s3://A bucket", "NIANBAO_STORE_URL：应当以 file:/// 或 s3:// 开头"),
        ("STORE_ENDPOINT", "s3.example.cn", "NIANBAO_STORE_ENDPOINT：应当以 https:// 或 http:// 开头"),
        ("STORE_ENDPOINT", "https://s3.example.cn:port", "NIANBAO_STORE_ENDPOINT：端口应当是 1 至 65535 的整数"),
        ("STORE_ADDRESSING", "host", "NIANBAO_STORE_ADDRESSING：应当是 'path' or 'virtual' 之一"),
        ("STORE_KEY_ID", "someone", "NIANBAO_STORE_KEY_ID 和 NIANBAO_STORE_SECRET 应当一起设置"),
        ("HOST", "", "NIANBAO_HOST：不合规定"),
        ("CONFIG", "nowhere.toml", "NIANBAO_CONFIG：找不到配置文件 nowhere.toml"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_a_remedy(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"NIANBAO_{setting}", value)
    with pytest.raises(SettingsRefused) as refusal:
        load_settings()
    assert sentence in refusal.value.for_person


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ('bnid = "127.0.0.1:9000"', "NIANBAO_BNID：没有这一项设置，请检查拼写"),
        ("bind = ", "不是正确的 TOML"),
        ("\udcff", "不是正确的 TOML"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, sentence: str) -> None:
    config = tmp_path / "nianbao.toml"
    config.write_text(content, errors="surrogateescape")
    monkeypatch.setenv("NIANBAO_CONFIG", str(config))
    with pytest.raises(SettingsRefused) as refusal:
        load_settings()
    assert sentence in refusal.value.for_person


def test_every_wrong_value_is_named_at_once() -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load_settings(bind="8000", redis_url="amqp://localhost")
    assert len(refusal.value.problems) == 2


@pytest.mark.parametrize("field", ["database_url", "redis_url"])
def test_a_refused_address_does_not_show_its_password(field: str) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load_settings(**{field: "ftp://user:hunter2@host"})
    assert "hunter2" not in refusal.value.for_person


def test_settings_do_not_show_passwords_and_cannot_be_changed() -> None:
    settings = load_settings(database_url="postgresql://u:hunter2@host/x", secret_key="s" * 32)
    assert "hunter2" not in repr(settings)
    assert "sss" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.bind = "0.0.0.0:80"


def test_a_secret_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    settings = load_settings()
    assert session_secret(settings) == session_secret(settings)
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret.key"]


def test_a_given_secret_is_used() -> None:
    assert session_secret(load_settings(secret_key="s" * 32)) == "s" * 32


def test_documents_lie_in_the_data_folder_until_another_place_is_named(tmp_path: Path) -> None:
    places = {
        None: tmp_path / "documents",
        "file:///srv/documents": Path("/srv/documents"),
        # There they are no files of this machine; what is asked for all the same finds nothing.
        "s3://reports/2024": tmp_path / "documents",
    }
    for url, place in places.items():
        settings = Settings(data_dir=tmp_path, store_url=url)
        assert (settings.documents_dir, settings.in_bucket) == (place, bool(url and url.startswith("s3")))


def test_a_store_that_takes_more_than_is_installed_is_refused_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(addresses, "find_spec", lambda _name: None)
    with pytest.raises(SettingsRefused) as refusal:
        load_settings(store_url="s3://reports")
    assert "requirements-s3.lock" in refusal.value.for_person


def test_the_key_of_the_store_is_not_shown() -> None:
    assert "hush" not in repr(Settings(store_key_id="someone", store_secret="hush"))
