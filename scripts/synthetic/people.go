package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// most is how many people have insurance numbers of their own here: numbers are scattered over those below this prime.
const most, step = 899_999_963, 618_033_989

// The columns of the files, as openIMIS has them.
var headers = map[string]string{
	"genders":              "code,gender,alt_language,sort_order",
	"relations":            "id,relation,alt_language,sort_order",
	"professions":          "id,profession,alt_language,sort_order",
	"educations":           "id,education,alt_language,sort_order",
	"family_types":         "code,type,alt_language,sort_order",
	"confirmation_types":   "code,confirmation_type,alt_language,sort_order",
	"identification_types": "code,identification_type,alt_language,sort_order",
	"legal_forms":          "code,legal_form,alt_language,sort_order",
	"hf_sublevels":         "code,sub_level,alt_language,sort_order",
	"services_pricelists":  "id,uuid,name,pricelist_date,location_id,validity_from,validity_to,legacy_id,audit_user_id",
	"items_pricelists":     "id,uuid,name,pricelist_date,location_id,validity_from,validity_to,legacy_id,audit_user_id",
	"insuree_photos":       "id,uuid,insuree_id,chf_id,filename,officer_id,date,validity_from,validity_to,audit_user_id",
	"locations":            "id,uuid,code,name,type,parent_id,male_population,female_population,other_population,families,validity_from,validity_to,legacy_id,audit_user_id",
	"health_facilities": "id,uuid,code,name,legal_form,level,sub_level,address,location_id,phone,fax,email,care_type,services_pricelist_id,items_pricelist_id,acc_code,offline," +
		"validity_from,validity_to,legacy_id,audit_user_id",
	"families": "id,uuid,head_insuree_id,location_id,poverty,family_type,address,ethnicity,confirmation_no,confirmation_type,offline,validity_from,validity_to,legacy_id,audit_user_id",
	"insurees": "id,uuid,family_id,chf_id,last_name,other_names,dob,gender,marital,head,passport,type_of_id,phone,email,card_issued,relationship_id,profession_id,education_id," +
		"health_facility_id,current_address,current_village_id,geolocation,photo_id,photo_date,offline,validity_from,validity_to,legacy_id,audit_user_id",
}

// Words that every such database begins with.
var lists = map[string][]string{
	"genders":      {"F,Female,,2", "M,Male,,1", "O,Other,,3"},
	"relations":    {"1,Brother/Sister,Frère/soeur,", "2,Father/Mother,Père/Mère,", "4,Son/Daughter,Fils/fille,", "8,Spouse,Époux,"},
	"professions":  {"1,Housewife,Femme au foyer,", "2,Employee,Employé,", "3,Self Employee,Indépendant,", "4,Others,Autres,"},
	"educations":   {"1,Nursery,Garderie,", "2,Primary school,École primaire,", "3,Secondary school,École secondaire,", "4,University,Université,"},
	"family_types": {"H,Household,Ménage,"},
	"legal_forms":  {"G,Government,Gouvernement,"},
}

// One village has some hundred people, and so many villages make a ward, wards a district, districts a region.
const perVillage, villages, wards, districts = 400, 6, 5, 8

// formerly is how many insurees come to one who has a former state, too.
const formerly = 40

type maker struct {
	*rand.Rand
	files map[string]*sheet
	// people and families that were written, and the ids of rows, which former states have as well.
	people, families, insureeID int
	start                       time.Time
}

type sheet struct {
	file *os.File
	*csv.Writer
	buffer *bufio.Writer
}

// write writes all files into dir.
func write(dir string, insurees int, seed uint64) (err error) {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, 2026)), files: map[string]*sheet{}, start: time.Date(2018, 1, 1, 8, 0, 0, 0, time.UTC)} //nolint:gosec // the same seed makes the same people
	defer func() {
		for _, s := range m.files {
			s.Flush()
			err = errors.Join(err, s.Error(), s.buffer.Flush(), s.file.Close())
		}
	}()
	for name, header := range headers {
		f, err := os.Create(filepath.Join(dir, name+".csv"))
		if err != nil {
			return err
		}
		buffer := bufio.NewWriterSize(f, 1<<16)
		m.files[name] = &sheet{f, csv.NewWriter(buffer), buffer}
		for _, line := range append([]string{header}, lists[name]...) {
			if err := m.row(name, strings.Split(line, ",")...); err != nil {
				return err
			}
		}
	}
	return m.country(insurees)
}

func (m *maker) row(file string, cells ...string) error { return m.files[file].Write(cells) }

// country writes the tree of places, and the families of each village as soon as it is there.
func (m *maker) country(insurees int) error {
	count := (insurees + perVillage - 1) / perVillage
	last := [4]int{}
	id := 0
	place := func(level int, code string) error {
		id++
		parent := ""
		if level > 0 {
			parent = fmt.Sprint(last[level-1])
		}
		last[level] = id
		return m.row("locations", fmt.Sprint(id), m.uuid(), code, m.name(2), "RDWV"[level:level+1], parent, fmt.Sprint(m.IntN(300)), fmt.Sprint(m.IntN(300)), "", "", m.moment(0), "", "", "1")
	}
	for v := range count {
		w, d, r := v/villages, v/villages/wards, v/villages/wards/districts
		code := fmt.Sprintf("R%d", r+1)
		for level, begins := range []bool{v%(villages*wards*districts) == 0, v%(villages*wards) == 0, v%villages == 0, true} {
			switch level {
			case 1:
				code += fmt.Sprintf("D%d", d%districts+1)
			case 2:
				code += fmt.Sprintf("W%d", w%wards+1)
			case 3:
				code += fmt.Sprintf("V%d", v%villages+1)
			}
			if !begins {
				continue
			}
			if err := place(level, code); err != nil {
				return err
			}
			if level == 1 {
				if err := m.facility(d+1, last[1]); err != nil {
					return err
				}
			}
		}
		// All villages are about as large, and the last one is filled.
		for until := insurees * (v + 1) / count; m.people < until; {
			if err := m.family(last[3], d+1, min(2+m.IntN(7), until-m.people)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *maker) facility(id, district int) error {
	return m.row("health_facilities", fmt.Sprint(id), m.uuid(), fmt.Sprintf("H%06d", id), m.name(3)+" hospital", "G", "H", "", "", fmt.Sprint(district), "", "", "", "B", "", "", "", "false",
		m.moment(0), "", "", "1")
}

// family writes a family and its members: the head, a spouse, and children.
func (m *maker) family(village, facility, members int) error {
	m.families++
	id, head := m.families, m.insureeID+1
	day := m.IntN(2000)
	poor := ""
	if m.IntN(5) == 0 {
		poor = "true"
	}
	err := m.row("families", fmt.Sprint(id), m.uuid(), fmt.Sprint(head), fmt.Sprint(village), poor, "H", m.name(2)+" "+fmt.Sprint(1+m.IntN(99)), "", "", "", "false", m.moment(day), "", "", "1")
	if err != nil {
		return err
	}
	surname, first := m.name(3), m.IntN(2)
	for i := range members {
		relation, age, marital, work, school, gender := "4", 1+m.IntN(17), "S", "", "", m.IntN(2)
		if i < 2 {
			relation, age, marital, work, school, gender = []string{"", "8"}[i], 20+m.IntN(60), "M", fmt.Sprint(1+m.IntN(4)), fmt.Sprint(1+m.IntN(4)), (first+i)%2
		}
		m.people++
		m.insureeID++
		current := m.insureeID
		born := m.start.AddDate(-age, 0, -m.IntN(365)).Format(time.DateOnly)
		cells := []string{
			fmt.Sprint(current), m.uuid(), fmt.Sprint(id), fmt.Sprint(100_000_000 + m.people*step%most), surname, m.name(2), born, []string{"F", "M"}[gender], marital, fmt.Sprint(i == 0), "", "",
			"", "", "false", relation, work, school, fmt.Sprint(facility), "", "", "", "", "", "false", m.moment(day), "", "", "1",
		}
		if err := m.row("insurees", cells...); err != nil {
			return err
		}
		if m.people%formerly > 0 {
			continue
		}
		// Somebody whose names were written in another way before.
		m.insureeID++
		cells[0], cells[1], cells[5], cells[25], cells[26], cells[27] = fmt.Sprint(m.insureeID), m.uuid(), m.name(2), m.moment(0), m.moment(day), fmt.Sprint(current)
		if err := m.row("insurees", cells...); err != nil {
			return err
		}
	}
	return nil
}

// moment is a time so many days after all began.
func (m *maker) moment(day int) string {
	return m.start.AddDate(0, 0, day).Format("2006-01-02T15:04:05.000")
}

var syllables = strings.Fields("ba ki da re ga lo mu na pi so ru te va zu be xi do gy ka he")

// name is a word that begins with a capital.
func (m *maker) name(parts int) string {
	var b strings.Builder
	for range parts {
		b.WriteString(syllables[m.IntN(len(syllables))])
	}
	word := b.String()
	return strings.ToUpper(word[:1]) + word[1:]
}

func (m *maker) uuid() string {
	high, low := m.Uint64(), m.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", high>>32, high>>16&0xffff, high&0xfff, 0x8000|low>>48&0x3fff, low&0xffff_ffff_ffff)
}
