"""The groups of release 5: `imagekit.files.get(…)` and its like, as views of the same operations.

Each module has the calls of a part of the API: functions with the signatures of release 5, which rename arguments and
return an `Operation`, and a class that binds them to a client. The decorator `call.Call` does that once for `ImageKit`,
`AsyncImageKit`, and `with_raw_response` of both.
"""
