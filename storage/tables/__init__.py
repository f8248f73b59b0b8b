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
from storage.tables.jobs import Document, Format, Job, JobState, Lane, Worker
from storage.tables.reports import Comment, Field, Report, Revision, Start, Step, Submission
from storage.tables.root import NAMING, PUBLIC_ID, SHA256, Table
from storage.tables.units import Campaign, RosterEntry, Unit

__all__ = [
    "NAMING",
    "PUBLIC_ID",
    "SHA256",
    "Account",
    "ApiKey",
    "Appointment",
    "AuditEvent",
    "AuditHead",
    "Campaign",
    "Comment",
    "Document",
    "Field",
    "Format",
    "Invitation",
    "Job",
    "JobState",
    "Lane",
    "LoginFailure",
    "LoginSession",
    "PastPassword",
    "Report",
    "ReportState",
    "Revision",
    "Role",
    "RosterEntry",
    "Start",
    "Step",
    "Submission",
    "Table",
    "Unit",
    "Worker",
]
