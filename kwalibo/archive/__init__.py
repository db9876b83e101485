"""The public site as plain files that work from disk, for an archive.

`addresses` says which addresses belong in a copy and under which file names, `markup` changes
the links of a page, `crawler` asks the site for everything that links lead to, and `writing`
makes the folder, all or nothing. None of them knows which pages the site has.
"""
