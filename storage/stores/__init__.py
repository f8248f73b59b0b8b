"""Where files of documents lie: in a folder, or in an S3-compatible store; the settings say which."""

from storage.settings import Settings
from storage.stores.room import Found, Listed, Room, StoreUnavailable

__all__ = ["Found", "Listed", "Room", "StoreUnavailable", "room_of"]


def room_of(settings: Settings) -> Room:
    """The room that the settings name."""
    if settings.in_bucket:
        # Loaded here: small offices do without the library.
        from storage.stores.s3 import Bucket

        return Bucket(settings)
    from storage.stores.folder import Folder

    return Folder(settings.documents_dir)
