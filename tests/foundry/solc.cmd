@rem solc.js, where a script cannot be started by its first line.
@node "%~dp0solc.js" %*
