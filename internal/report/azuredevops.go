package report

import (
	"io"
	"strings"
)

// newAzureDevOps returns the encoder of logging commands of Azure Pipelines. No command
// sets the result of the task: the exit code fails the step already, and task.complete
// would overrule continueOnError, or a script that reads the exit code.
func newAzureDevOps(w io.Writer, opts EncodeOptions) Encoder {
	return &annotationEncoder{base: newBase(w), opts: opts, command: azureDevOpsCommand}
}

// azureDevOpsCommand is an annotation as a command task.logissue. Azure Pipelines has errors
// and warnings and no notices: a notice that fails the run is a warning, and any other one is plain
// text of the log, since the ten warnings that a step shows are for what somebody has to do.
//
// The agent shows file, line, column and code before the message where there is a file, and
// nothing but the message where there is none.
func azureDevOpsCommand(a annotation) string {
	text := a.title + ": " + a.text
	if a.severity == "notice" && !a.fails {
		if a.at.Line > 0 {
			text = a.at.String() + ": " + text
		}
		return strings.ReplaceAll(printableLines(text), "\n", "\n  ") + "\n"
	}
	properties := "type=warning"
	if a.severity == "error" {
		properties = "type=error"
	}
	if a.at.File != "" {
		properties += ";sourcepath=" + azureDevOpsProperty(a.at.File) + ";linenumber=" + itoa(max(a.at.Line, 1)) + ";columnnumber=1"
	}
	if a.rule != "" {
		properties += ";code=" + azureDevOpsProperty(a.rule)
	}
	return "##vso[task.logissue " + properties + "]" +
		azureDevOpsDataEscapes.Replace(printableLines(text)) + "\n"
}

// Escapes of logging commands. The agent decodes %3B, %0D, %0A and %5D in properties and
// in data, and after them %AZP25, which is a percent sign (Command.TryParse and
// CommandStringConvertor of microsoft/azure-pipelines-agent). It looks for "##vso[" anywhere
// in a line, which printable leaves in no text.
var (
	azureDevOpsDataEscapes     = strings.NewReplacer("%", "%AZP25", "\n", "%0A")
	azureDevOpsPropertyEscapes = strings.NewReplacer("%", "%AZP25", "\r\n", "%0A", "\n", "%0A", ";", "%3B", "]", "%5D")
)

func azureDevOpsProperty(s string) string { return printable(azureDevOpsPropertyEscapes.Replace(s)) }
