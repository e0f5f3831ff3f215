"""The groups of release 5, such as `imagekit.files.get(…)`, as views of the same operations.

Each module contains the calls of one part of the API: functions with the signatures of release 5, which rename
arguments and return an `Operation`, and a class that binds them to a client. The decorator `call.Call` does this for
`ImageKit`, `AsyncImageKit`, and `with_raw_response` of both.
"""
