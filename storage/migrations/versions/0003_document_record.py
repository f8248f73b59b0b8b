"""What a document shows and with which typefaces it was drawn; of those made before, nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("document", sa.Column("content_sha256", sa.String(64), nullable=True))
    op.add_column("document", sa.Column("typefaces", sa.Text(), nullable=True))
