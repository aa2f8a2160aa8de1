// Package facility is where care is given: health facilities with their legal form, level, district, price lists, contract and the villages that they
// serve (openimis-enrolment §2.2, §2.5). People see the facilities of the districts that they work in.
package facility
