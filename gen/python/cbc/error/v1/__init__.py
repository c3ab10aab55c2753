"""Messages and stubs of cbcerr.

The package registers the types of the details of a status, which no generated module imports. Without them,
`json_format` cannot write or read a `Translation`.
"""

from google.rpc import error_details_pb2 as _error_details_pb2

from . import cbc_error_pb2 as _cbc_error_pb2
