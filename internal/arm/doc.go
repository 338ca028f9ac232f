// Package arm talks to Azure Resource Manager: settings and credentials, a client
// that only reads, a writer, and the operations that a write starts.
//
// In come settings, ids and the types of what is asked for; out go decoded
// answers, or errors that say plainly what was refused and which action a role
// lacks. Requests keep the quotas of a subscription, are tried again until their
// deadline, and go to no other host than the configured one. Nothing is asked for
// before the first request.
//
// No resource type of a service, no posture, no access key and no body of an
// answer in a message or a log may ever be in here.
package arm
