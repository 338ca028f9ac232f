-- For https://github.com/mfussenegger/nvim-lint: the root module is the working directory.
local severities = {
  error = vim.diagnostic.severity.ERROR,
  warning = vim.diagnostic.severity.WARN,
  notice = vim.diagnostic.severity.INFO,
}

require("lint").linters.redisbaseline = {
  cmd = "redisbaseline",
  args = { "check", "--config", ".", "--format", "github" },
  append_fname = false,
  stdin = false,
  ignore_exitcode = true,
  parser = require("lint.parser").from_pattern(
    "^::(%a+) file=([^,]+),line=(%d+),title=[^:]*::(.*)$",
    { "severity", "file", "lnum", "message" },
    severities,
    { source = "redisbaseline" }
  ),
}

require("lint").linters_by_ft.terraform = { "redisbaseline" }
