// Package medical is the catalogue of what can be claimed: diagnoses, items (drugs and consumables) and services, and the price lists that say what of
// it costs how much where (openimis-claims §1–2). Catalogue and lists are one module, as they change together: what leaves the catalogue
// leaves the lists, and lists are shown beside the catalogue.
//
// All records keep their past as rows (entity.Validity). Service.PriceAt tells the price of a day.
package medical
