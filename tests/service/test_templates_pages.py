"""The administrator hands in a template, follows its examination, tries it, puts it in force and takes it back."""

import io
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from storage.files import DocumentFiles
from storage.making import templates
from storage.making.recipes import bundled_version, recipe_for
from storage.session import reading_scope, session_scope
from storage.tables import TRIAL, Job, Lane, Revision, Role, TemplateVersion
from tests.people import ANNUAL, DEFINITIONS, MARKET, annual, as_json, ordinary_report
from tests.service.conftest import Office
from tests.service.visitors import Browser, Page, Program, told
from tests.trying import BUNDLED, found_sound, handed_in, tried, wider

BUNDLED_NAME = "2021 随附模板"


@pytest.fixture
def keeper(office: Office) -> Browser:
    """Who has the duty of the installation."""
    return office.visitor("xitong", (Role.SYSTEM, None))


@pytest.fixture
def files(office: Office) -> DocumentFiles:
    return DocumentFiles(office.settings)


def upload(keeper: Browser, data: bytes, name: str = "新模板.docx") -> Page:
    file = FileStorage(io.BytesIO(data), name)
    return keeper.send(keeper.get("/templates"), "/templates", definition=ANNUAL, file=file)


def the_one(office: Office) -> TemplateVersion:
    with reading_scope(office.engine) as session:
        return session.scalars(select(TemplateVersion)).one()


def sound(office: Office, files: DocumentFiles, folder: Path) -> TemplateVersion:
    with session_scope(office.engine) as session:
        return found_sound(session, files, handed_in(session, files, folder), folder)


def in_force(office: Office) -> str:
    with reading_scope(office.engine) as session:
        return recipe_for(DEFINITIONS, annual(), session).template_version


def test_the_template_that_came_along_is_always_there(keeper: Browser) -> None:
    page = keeper.get("/templates")
    assert f"{BUNDLED_NAME} 启用" in page.words
    answer = keeper.client.get("/templates/bundled/open-government-annual/2021/file", buffered=True)
    assert answer.data == BUNDLED.read_bytes()


def test_what_is_handed_in_waits_and_the_page_looks_again(keeper: Browser, office: Office, tmp_path: Path) -> None:
    page = upload(keeper, wider(tmp_path).read_bytes())
    row = the_one(office)
    assert (page.status, page.answer.location) == (303, f"/templates/{row.public_id}")
    page = keeper.get(f"/templates/{row.public_id}")
    assert (page.heading, "等待检查" in page.words, row.file_name) == ("模板 2021-1", True, "新模板.docx")
    [address] = page.all("//div[@id='template-state']/@hx-get")
    assert keeper.get(address).status == 204
    assert keeper.client.get(f"/templates/{row.public_id}/file", buffered=True).data == wider(tmp_path).read_bytes()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "", "没有选择文件"),
        (b"%PDF-1.7", "a.docx", "不是完好的 .docx 文件"),
        (BUNDLED.read_bytes(), "a.docx", f"与{BUNDLED_NAME}完全相同"),
    ],
    ids=["nothing", "a pdf", "the same"],
)
def test_what_is_no_new_template_is_refused_and_nothing_is_kept(
    keeper: Browser, office: Office, files: DocumentFiles, data: bytes, name: str, said: str
) -> None:
    page = upload(keeper, data, name)
    assert (page.status, said in page.words) == (422, True), page.words
    with reading_scope(office.engine) as session:
        assert session.scalars(select(TemplateVersion)).all() == []
    assert list(files.listed()) == []


def test_a_name_with_a_path_is_only_a_name(keeper: Browser, office: Office, tmp_path: Path) -> None:
    upload(keeper, wider(tmp_path).read_bytes(), "../../home/he/evil\u202e.docx")
    assert the_one(office).file_name == "evil.docx"


def test_what_was_found_wrong_is_told_with_its_place(keeper: Browser, office: Office, tmp_path: Path) -> None:
    upload(keeper, wider(tmp_path).read_bytes())
    row = the_one(office)
    flaws = [{"where": "第1个表格第4行第2格", "what": "“{{ <b>x }}”不能用", "remedy": "请删去"}]
    with session_scope(office.engine) as session:
        templates.end_examination(session, row.id, {"flaws": flaws}, sound=False, actor="worker:vm")
    page = keeper.get(f"/templates/{row.public_id}")
    assert "有 1 处要改" in page.words
    assert "第1个表格第4行第2格“{{ <b>x }}”不能用。请删去" in page.words
    assert "试排" not in page.words
    token = page.all("//input[@name='csrf_token']/@value")[0]
    for action, fields in (("activate", {}), ("trials", {"all": "1"})):
        refused = keeper.post(f"/templates/{row.public_id}/{action}", {"csrf_token": token, **fields})
        assert (refused.status, "没有通过检查" in refused.words) == (422, True)
    assert keeper.send(page, f"/templates/{row.public_id}/again").status == 303
    assert "等待检查" in keeper.get(f"/templates/{row.public_id}").words


def test_without_reports_the_example_is_looked_at_and_the_template_put_in_force(
    keeper: Browser, office: Office, files: DocumentFiles, tmp_path: Path
) -> None:
    row = sound(office, files, tmp_path)
    here = f"/templates/{row.public_id}"
    page = keeper.get(here)
    assert "还没有已报送的报告，以样例试排的结果为准" in page.words
    beside = keeper.get(f"{here}/trials/example")
    assert beside.all("//img/@src") == [f"{here}/example/1.png", f"{here}/example/2.png"]
    assert keeper.client.get(f"{here}/example/1.png", buffered=True).data.startswith(b"\x89PNG")
    assert keeper.client.get(f"{here}/example/3.png").status_code == 404
    assert keeper.send(page, f"{here}/activate").status == 303
    assert in_force(office) == row.version
    page = keeper.get("/templates")
    assert "2021-1 启用" in page.words
    assert keeper.send(page, "/templates/bundled/open-government-annual/2021/activate").status == 303
    assert in_force(office) == bundled_version(DEFINITIONS, annual())


def test_three_reports_are_tried_beside_the_template_in_force(
    keeper: Browser, office: Office, program: Program, files: DocumentFiles, tmp_path: Path
) -> None:
    taken = told(program.hand_in(as_json(ordinary_report())))
    office.make(taken["job"]["id"])
    row = sound(office, files, tmp_path)
    here = f"/templates/{row.public_id}"
    page = keeper.get(here)
    assert "还不能启用" in page.words
    [report] = page.all("//input[@name='report'][@checked]/@value")
    assert keeper.send(page, f"{here}/trials", report=report).status == 303
    with reading_scope(office.engine) as session:
        jobs = session.scalars(select(Job).where(Job.format == TRIAL)).all()
        assert [(one.template_version, one.lane) for one in jobs] == [(row.version, Lane.PREVIEW)]
    assert "等候 1" in keeper.get(here).words
    with session_scope(office.engine) as session:
        trial = tried(session, files, row, session.scalars(select(Revision)).one(), tmp_path)
    page = keeper.get(here)
    [row_shown] = page.all("//table[contains(@class, 'trials')]/tbody/tr")
    words = " ".join(row_shown.text_content().split())
    assert words.startswith(MARKET)
    assert "已生成 2 -6" in words
    beside = keeper.get(f"{here}/trials/{trial.public_id}")
    assert "2 页，启用中的模板 8 页" in beside.words
    assert "没有第 3 页" in beside.words
    assert keeper.client.get(f"{here}/trials/{trial.public_id}/1.png", buffered=True).data.startswith(b"\x89PNG")
    assert keeper.send(page, f"{here}/activate").status == 303
    assert in_force(office) == row.version


def test_all_reports_are_rehearsed_on_the_lane_of_batches(
    keeper: Browser, office: Office, program: Program, files: DocumentFiles, tmp_path: Path
) -> None:
    program.hand_in(as_json(ordinary_report()))
    row = sound(office, files, tmp_path)
    here = f"/templates/{row.public_id}"
    page = keeper.get(here)
    assert keeper.send(page, f"{here}/trials", all="1").status == 303
    with reading_scope(office.engine) as session:
        [job] = session.scalars(select(Job).where(Job.format == TRIAL)).all()
        assert job.lane is Lane.BATCH
    refused = keeper.send(page, f"{here}/trials", report="nothing")
    assert (refused.status, "没有选择报告" in refused.words) == (422, True)


def test_a_trial_is_seen_by_nobody_who_reads_the_report(
    keeper: Browser, reviewer: Browser, office: Office, program: Program, files: DocumentFiles, tmp_path: Path
) -> None:
    taken = told(program.hand_in(as_json(ordinary_report())))
    public_id = taken["report"].rpartition("/")[2]
    office.make(taken["job"]["id"])
    before = reviewer.get(f"/reports/{public_id}").text
    row = sound(office, files, tmp_path)
    with session_scope(office.engine) as session:
        trial = tried(session, files, row, session.scalars(select(Revision)).one(), tmp_path)
    after = reviewer.get(f"/reports/{public_id}").text
    assert trial.public_id not in after
    assert taken["job"]["id"] in before
    assert taken["job"]["id"] in after
