"""The LibreOffice profile that every conversion starts from: what PDF to write, and what never to do."""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape, quoteattr

_PDF: Final = "Office.Common/Filter/PDF/Export"
_SCRIPTS: Final = "Office.Common/Security/Scripting"
# Where a setting lives, its name, its value. LibreOffice ignores names that it does not know (yet, or any more).
_SETTINGS: Final = (
    # PDF/A-2b with tags and bookmarks; pictures as they are; nothing to fill in.
    (_PDF, "SelectPdfVersion", "2"),
    (_PDF, "UseTaggedPDF", "true"),
    (_PDF, "ExportBookmarks", "true"),
    (_PDF, "ExportFormFields", "false"),
    (_PDF, "ExportNotes", "false"),
    (_PDF, "UseLosslessCompression", "true"),
    (_PDF, "ReduceImageResolution", "false"),
    # No program in a document runs, no link is followed. The box without network is the guard, this a second lock.
    (_SCRIPTS, "DisableMacrosExecution", "true"),
    (_SCRIPTS, "MacroSecurityLevel", "3"),
    (_SCRIPTS, "BlockUntrustedRefererLinks", "true"),
    (_SCRIPTS, "DisablePythonRuntime", "true"),
    (_SCRIPTS, "DisableOLEAutomation", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    # Dates and numbers as in China, whatever locales the machine has.
    ("Setup/L10N", "ooSetupSystemLocale", "zh-CN"),
    ("Office.Linguistic/General", "DefaultLocale_CJK", "zh-CN"),
    # Nobody sits in front of it: no word is looked up, none is proposed.
    ("Office.Linguistic/SpellChecking", "IsSpellAuto", "false"),
    ("Office.Linguistic/GrammarChecking", "IsAutoCheck", "false"),
    ("Office.Writer/AutoFunction/Completion", "Enable", "false"),
    ("Office.Writer/AutoFunction/Completion", "CollectWords", "false"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
)


def registry() -> str:
    """The settings as a registrymodifications.xcu."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
        + "\n".join(_item(*setting) for setting in _SETTINGS)
        + "\n</oor:items>\n"
    )


def write(profile: Path) -> None:
    """Begin a profile: LibreOffice itself adds the rest when it starts with it for the first time."""
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(registry(), encoding="utf-8")


def _item(path: str, name: str, value: str) -> str:
    where = quoteattr(f"/org.openoffice.{path}")
    return (
        f'<item oor:path={where}><prop oor:name={quoteattr(name)} oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>"
    )
