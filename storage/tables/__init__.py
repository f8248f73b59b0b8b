"""What is kept, table by table; here is every one of them."""

from reports.states import ReportState
from storage.tables.accounts import (
    Account,
    ApiKey,
    Appointment,
    Invitation,
    LoginFailure,
    LoginSession,
    PastPassword,
    Role,
)
from storage.tables.audit import AuditEvent, AuditHead
from storage.tables.batches import Batch, BatchItem, BatchState, Scope
from storage.tables.jobs import TRIAL, Document, Format, Job, JobState, Lane, Stage, Worker
from storage.tables.publications import Publication
from storage.tables.reminders import Reminder, ReminderState
from storage.tables.reports import Comment, Field, Report, Revision, Start, Step, Submission
from storage.tables.reviewing import Likeness, Looking, TextBand
from storage.tables.root import NAMING, PUBLIC_ID, SHA256, Table
from storage.tables.templates import TemplateState, TemplateVersion
from storage.tables.units import Campaign, RosterEntry, Unit, UnitKind

__all__ = [
    "NAMING",
    "PUBLIC_ID",
    "SHA256",
    "TRIAL",
    "Account",
    "ApiKey",
    "Appointment",
    "AuditEvent",
    "AuditHead",
    "Batch",
    "BatchItem",
    "BatchState",
    "Campaign",
    "Comment",
    "Document",
    "Field",
    "Format",
    "Invitation",
    "Job",
    "JobState",
    "Lane",
    "Likeness",
    "LoginFailure",
    "LoginSession",
    "Looking",
    "PastPassword",
    "Publication",
    "Reminder",
    "ReminderState",
    "Report",
    "ReportState",
    "Revision",
    "Role",
    "RosterEntry",
    "Scope",
    "Stage",
    "Start",
    "Step",
    "Submission",
    "Table",
    "TemplateState",
    "TemplateVersion",
    "TextBand",
    "Unit",
    "UnitKind",
    "Worker",
]
