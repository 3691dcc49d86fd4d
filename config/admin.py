from unfold.sites import UnfoldAdminSite


class CourtyardAdminSite(UnfoldAdminSite):
    """The back office where staff live."""
