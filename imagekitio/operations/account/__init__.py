"""The account calls: usage and configuration."""

from . import named_transformations as named_transformations
from . import origins as origins
from . import saved_extensions as saved_extensions
from . import url_endpoints as url_endpoints
from . import usage as usage
from . import webhooks as webhooks
