package report

// The objects of a SARIF 2.1.0 log that this program writes; names and order of
// the members are those of the format's schema. none is a list that the format
// allows and this program leaves empty.

type none [0]struct{}

type sarifTool struct {
	Driver     sarifDriver `json:"driver"`
	Extensions none        `json:"extensions"`
}

type sarifDriver struct {
	Contents            []string    `json:"contents"`
	InformationURI      string      `json:"informationUri"`
	IsComprehensive     bool        `json:"isComprehensive"`
	Language            string      `json:"language"`
	Locations           none        `json:"locations"`
	Name                string      `json:"name"`
	Notifications       none        `json:"notifications"`
	Rules               []sarifRule `json:"rules"`
	SupportedTaxonomies none        `json:"supportedTaxonomies"`
	Taxa                none        `json:"taxa"`
	Version             string      `json:"version,omitempty"`
}

type sarifRule struct {
	DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
	Help                 sarifText          `json:"help"`
	HelpURI              string             `json:"helpUri,omitempty"`
	ID                   string             `json:"id"`
	Name                 string             `json:"name"`
	Properties           map[string]any     `json:"properties"`
	Relationships        none               `json:"relationships"`
	ShortDescription     sarifText          `json:"shortDescription"`
}

type sarifConfiguration struct {
	Enabled bool   `json:"enabled"`
	Level   string `json:"level"`
	Rank    int    `json:"rank"`
}

type sarifText struct {
	Markdown string `json:"markdown,omitempty"`
	Text     string `json:"text"`
}

type sarifMessage struct {
	Arguments none   `json:"arguments"`
	Text      string `json:"text"`
}

type sarifResult struct {
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	Attachments         none              `json:"attachments"`
	CodeFlows           none              `json:"codeFlows"`
	Fixes               none              `json:"fixes"`
	GraphTraversals     none              `json:"graphTraversals"`
	Graphs              none              `json:"graphs"`
	Kind                string            `json:"kind"`
	Level               string            `json:"level"`
	Locations           []sarifLocation   `json:"locations"`
	Message             sarifMessage      `json:"message"`
	Properties          map[string]any    `json:"properties,omitempty"`
	Rank                int               `json:"rank"`
	RelatedLocations    none              `json:"relatedLocations"`
	RuleID              string            `json:"ruleId"`
	RuleIndex           int               `json:"ruleIndex"`
	Stacks              none              `json:"stacks"`
	Taxa                none              `json:"taxa"`
}

type sarifLocation struct {
	Annotations      none                   `json:"annotations"`
	ID               int                    `json:"id"`
	LogicalLocations []sarifLogicalLocation `json:"logicalLocations"`
	PhysicalLocation *sarifPhysicalLocation `json:"physicalLocation,omitempty"`
	Relationships    none                   `json:"relationships"`
}

type sarifLogicalLocation struct {
	FullyQualifiedName string `json:"fullyQualifiedName"`
	Index              int    `json:"index"`
	Kind               string `json:"kind"`
	Name               string `json:"name,omitempty"`
	ParentIndex        int    `json:"parentIndex"`
}

type sarifPhysicalLocation struct {
	ArtifactLocation sarifArtifact `json:"artifactLocation"`
	Region           sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	Index int    `json:"index"`
	URI   string `json:"uri"`
}

type sarifRegion struct {
	ByteOffset int `json:"byteOffset"`
	CharOffset int `json:"charOffset"`
	StartLine  int `json:"startLine"`
}

type sarifInvocation struct {
	ExecutionSuccessful                bool                `json:"executionSuccessful"`
	NotificationConfigurationOverrides none                `json:"notificationConfigurationOverrides"`
	RuleConfigurationOverrides         none                `json:"ruleConfigurationOverrides"`
	ToolConfigurationNotifications     none                `json:"toolConfigurationNotifications"`
	ToolExecutionNotifications         []sarifNotification `json:"toolExecutionNotifications"`
}

type sarifNotification struct {
	Level     string       `json:"level"`
	Locations none         `json:"locations"`
	Message   sarifMessage `json:"message"`
}
