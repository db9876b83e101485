"""The models of the programme; one subject per module."""

from .annex import AnnexFile
from .assignment import Assignment
from .context import Effect, GlossaryTerm, Statement
from .contribution import Contribution
from .correction import CorrectionProposal
from .data_file import DataFile, DataFilePart
from .data_version import DataVersion
from .deadline import DeadlineChange, derive_deadline
from .desk import Draft, SavedFilter
from .digest import DigestMail
from .evaluation import Evaluation, Finding, FindingLink
from .evidence import Evidence
from .measure import DeadlineState, Involvement, Measure, Provenance, Theme
from .moment import Acceptance, ReportingMoment, Snapshot, SnapshotFile
from .parliament import Commitment, Letter, Motion, Proposer, TimelineEvent
from .progress import InternalNote, ProgressUpdate, derive_status
from .review import ReviewStep, Stage
from .search import SearchChange, SearchDocument, SearchWord
from .sources import Source, fetch_public_sources
from .spreadsheet import SpreadsheetUpload
from .status import ENDED, EXPLANATIONS, FINISHED, Status

__all__ = [
    "ENDED",
    "EXPLANATIONS",
    "FINISHED",
    "Acceptance",
    "AnnexFile",
    "Assignment",
    "Commitment",
    "Contribution",
    "CorrectionProposal",
    "DataFile",
    "DataFilePart",
    "DataVersion",
    "DeadlineChange",
    "DeadlineState",
    "DigestMail",
    "Draft",
    "Effect",
    "Evaluation",
    "Evidence",
    "Finding",
    "FindingLink",
    "GlossaryTerm",
    "InternalNote",
    "Involvement",
    "Letter",
    "Measure",
    "Motion",
    "ProgressUpdate",
    "Proposer",
    "Provenance",
    "ReportingMoment",
    "ReviewStep",
    "SavedFilter",
    "SearchChange",
    "SearchDocument",
    "SearchWord",
    "Snapshot",
    "SnapshotFile",
    "Source",
    "SpreadsheetUpload",
    "Stage",
    "Statement",
    "Status",
    "Theme",
    "TimelineEvent",
    "derive_deadline",
    "derive_status",
    "fetch_public_sources",
]
