// Package organisation knows the bodies that monitoring is about: organisations, the implementing partners among them, the
// agreements they signed, the outputs to which those contribute, and the agency's own sections and offices.
//
// Organisations are shared by all workspaces; everything else belongs to one. Other modules refer to these records through the entities on
// Service, read them on the wire through the shapes named here, and never join its tables:
//
//	partner:min    id name
//	agreement:min  id number title status          agreement:task  the same with partner name and result_links
//	output:min     id result_name                  output:full     all columns, the id as text
//	section:min    id name                         office:min      id name
//
// What this module cannot know, because only modules built on it do, they add during Build: Service.Externals, Service.RelationshipTypes,
// Service.Dropdowns.
package organisation
