package armtest

func init() {
	addTypes(resourceType{name: "Microsoft.Cache/redisEnterprise", longRunning: true, showsState: true})
}
