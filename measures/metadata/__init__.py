"""What machines read of a page: its one address, whether to index it, a preview, facts."""

from .page import PageMetadata, of_page
from .structured import breadcrumbs

__all__ = ["PageMetadata", "breadcrumbs", "of_page"]
