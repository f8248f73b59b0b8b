"""Every setting as one typed, frozen object, read from NIANBAO_… variables and an optional TOML file."""

import os
import secrets
import socket
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import (
    Field,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from storage.addresses import LAST_PORT, BindAddress, BrokerUrl, DatabaseUrl, EndpointUrl, HostNames, StoreUrl, refuse
from storage.each_year import EachYear
from storage.post.settings import MailSender, QuietText

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "NIANBAO_"
CONFIG_VARIABLE = "NIANBAO_CONFIG"
HIDDEN = {"database_url", "redis_url", "secret_key", "store_secret", "smtp_password"}


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def _in_data_dir(pattern: str) -> Any:
    return Field(default_factory=lambda given: pattern.format(data_dir=given["data_dir"]), repr=False)


class Settings(BaseSettings):
    """What the web, the workers and the commands are told; read it with `load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True)

    data_dir: Path = Path("var")
    database_url: DatabaseUrl = _in_data_dir("sqlite:///{data_dir}/nianbao.sqlite3")
    redis_url: BrokerUrl = _in_data_dir("redis+socket://{data_dir}/redis.sock")
    secret_key: SecretStr | None = None
    # Where documents lie, if not in the data folder: `file:///folder`, or `s3://bucket/prefix` with what follows it.
    store_url: StoreUrl | None = None
    store_endpoint: EndpointUrl | None = None
    store_region: str | None = None
    store_key_id: str | None = None
    store_secret: SecretStr | None = None
    store_addressing: Literal["path", "virtual"] = "path"
    # What tells this machine's workers from those of others; two machines must not be called the same.
    host: str = Field(default_factory=socket.gethostname, min_length=1)
    # How long a PostgreSQL that says nothing is waited for; one that is seen at work is waited for as long as it takes.
    database_patience_seconds: PositiveFloat = 4.5
    bind: BindAddress = "127.0.0.1:8000"
    # There is HTTPS in front: cookies are for HTTPS only, and browsers are told to stay with it.
    https: bool = False
    # How many proxies of ours stand in front and say in X-Forwarded-For from where somebody comes.
    proxies: NonNegativeInt = 0
    template_dir: Path = PROJECT / "templates"
    operator_fonts_dir: Path | None = None
    soffice: Path | None = None

    # A browser is signed out when nobody has used it for so long, and in any case after so long.
    session_idle_seconds: PositiveFloat = 30 * 60
    session_seconds: PositiveFloat = 8 * 60 * 60
    password_profile: Literal["djbh", "asvs"] = "djbh"  # noqa: S105
    # The names by which browsers may ask for this service, separated by spaces; "" for: any.
    hosts: HostNames = ""
    # An account that nobody has used for so many days is put out of force; 0 for: never. Clerks come once a year.
    account_idle_days: NonNegativeInt = 90
    clerk_idle_days: NonNegativeInt = 450

    preview_seconds: PositiveFloat = 90
    batch_seconds: PositiveFloat = 120
    task_soft_seconds: PositiveFloat = 150
    task_hard_seconds: PositiveFloat = 180
    job_hard_seconds: PositiveFloat = 240
    heartbeat_seconds: PositiveFloat = 5
    stale_seconds: PositiveFloat = 20
    dispatch_seconds: PositiveFloat = 1
    sweep_seconds: PositiveFloat = 15
    republish_seconds: PositiveFloat = 60
    retry_seconds: tuple[PositiveFloat, ...] = (10, 60, 300)
    messages_per_slot: PositiveInt = 16
    # When the batch of each year starts by itself, by the clocks of China: `01-20 21:00`.
    batch_at: EachYear = ""

    # The mail server that takes reminders; without a host none are sent.
    smtp_host: str = ""
    # 0: the usual one of `smtp_security`.
    smtp_port: NonNegativeInt = Field(default=0, le=LAST_PORT)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: MailSender = ""
    # How long one message may take, from the connection to the server's last word.
    smtp_seconds: PositiveFloat = 30
    # Nobody is written to then, by the clocks of China; "" for: at any time.
    quiet_hours: QuietText = "20:00-08:00"

    @field_validator("data_dir", "template_dir", "operator_fonts_dir", "soffice")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().resolve()

    @field_validator("template_dir")
    @classmethod
    def _there(cls, folder: Path) -> Path:
        if not folder.is_dir():
            raise refuse("没有这个文件夹")
        return folder

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < 32:
            raise refuse("太短，至少 32 个字符；不设置则自动生成并保存在数据目录中")
        return key

    @property
    def duties_apart(self) -> bool:
        """Whether nobody may audit what he administers himself, as 等保 has it; else pages only warn."""
        return self.password_profile == "djbh"  # noqa: S105

    @property
    def in_bucket(self) -> bool:
        """Whether documents lie in an S3-compatible store."""
        return self.store_url is not None and self.store_url.startswith("s3://")

    @property
    def documents_dir(self) -> Path:
        """The folder of documents, where it is one."""
        if self.store_url is None or self.in_bucket:
            return self.data_dir / "documents"
        return Path(self.store_url.removeprefix("file://"))

    @model_validator(mode="after")
    def _key_with_its_secret(self) -> Self:
        if (self.store_key_id is None) != (self.store_secret is None):
            raise refuse("NIANBAO_STORE_KEY_ID 和 NIANBAO_STORE_SECRET 应当一起设置")
        return self

    @model_validator(mode="after")
    def _mail_from_somebody(self) -> Self:
        if self.smtp_host and not self.smtp_from:
            raise refuse("设置了 NIANBAO_SMTP_HOST，还要设置发件人 NIANBAO_SMTP_FROM")
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise refuse("NIANBAO_SMTP_USER 和 NIANBAO_SMTP_PASSWORD 应当一起设置")
        return self

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        for smaller, larger in _MUST_RISE:
            if getattr(self, smaller) >= getattr(self, larger):
                raise refuse(f"{_variable(smaller)} 应当小于 {_variable(larger)}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        if path := os.environ.get(CONFIG_VARIABLE):
            sources += (TomlConfigSettingsSource(settings_cls, Path(path)),)
        return sources


# An outer limit that fires before the inner one would hide which document was slow.
_MUST_RISE = (
    ("preview_seconds", "task_soft_seconds"),
    ("batch_seconds", "task_soft_seconds"),
    ("task_soft_seconds", "task_hard_seconds"),
    ("task_hard_seconds", "job_hard_seconds"),
    ("heartbeat_seconds", "stale_seconds"),
    ("session_idle_seconds", "session_seconds"),
)


class SettingsRefused(Exception):
    """A setting has a value the service cannot start with."""

    code = "settings_refused"

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        self.for_person = "设置有误，服务没有启动：\n" + "\n".join(f"  · {problem}" for problem in problems)
        self.for_operator = "; ".join(problems)
        super().__init__(self.for_person)


def load_settings(**given: Any) -> Settings:
    """The settings of this process, or a refusal a person can act on."""
    config = os.environ.get(CONFIG_VARIABLE)
    if config and not Path(config).is_file():
        raise SettingsRefused((f"{CONFIG_VARIABLE}：找不到配置文件 {config}",))
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsRefused(tuple(_problems(error))) from None
    except SettingsError as error:
        raise SettingsRefused((f"环境变量或配置文件的写法有误（{error}）",)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsRefused((f"{CONFIG_VARIABLE}：配置文件 {config} 不是正确的 TOML（{error}）",)) from None


def session_secret(settings: Settings) -> str:
    """The key that signs cookies: the one given, or one made once and kept in the data folder."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value()
    path = settings.data_dir / "secret.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    side = path.with_name(f".secret-{secrets.token_hex(8)}")
    side.touch(mode=0o600)
    side.write_text(secrets.token_urlsafe(48))
    try:
        # A link never replaces: of two processes that start together, both read the first one's key.
        path.hardlink_to(side)
    except FileExistsError:
        pass
    finally:
        side.unlink()
    return path.read_text()


_REASONS = {
    "extra_forbidden": "没有这一项设置，请检查拼写",
    "float_parsing": "应当是数字",
    "int_parsing": "应当是整数",
    "bool_parsing": "应当是 true 或 false",
    "literal_error": "应当是 {expected} 之一",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应当大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "frozen_instance": "设置在启动后不能更改",
}


def _problems(error: ValidationError) -> list[str]:
    return [_problem(e) for e in error.errors() if e["type"] != "default_factory_not_called"]


def _problem(error: ErrorDetails) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    if error["type"] == "nianbao":
        reason = str(context["sentence"])
    else:
        reason = _REASONS.get(error["type"], f"不合规定（{error['msg']}）").format(**context)
    if not error["loc"]:
        return reason
    name = str(error["loc"][0])
    value = "" if name in HIDDEN else f"（现在是 {error['input']!r}）"
    return f"{_variable(name)}：{reason}{value}"
