package insuree

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// The trees that the web client selects (client contract §6).
const (
	loc4   = `{id uuid code name type parent{id uuid code name type parent{id uuid code name type parent{id uuid code name type}}}}`
	head   = `{id uuid chfId lastName otherNames dob age validityFrom validityTo photo{id uuid date folder filename officerId photo} gender{code gender} education{id} profession{id} marital cardIssued currentVillage` + loc4 + ` currentAddress typeOfId{code} passport relationship{id} head status statusDate statusReason{code insureeStatusReason} email phone}`
	family = `{id uuid poverty confirmationNo confirmationType{code isConfirmationNumberRequired} familyType{code} address validityFrom validityTo headInsuree` + head + ` location` + loc4 + ` clientMutationId}`
	page   = `pageInfo{hasNextPage hasPreviousPage startCursor endCursor}`
	connN  = `{totalCount ` + page + ` edges{node`
	conn   = `{` + page + ` edges{node`
)

func TestClientQueries(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		fid, _, familyUUID, headUUID := l.household("070707070", l.village[1])
		_, memberUUID := l.person("070707081", fmt.Sprintf(`,"family":%d,"gender":2,"dob":"1974-06-11","relationship":4,"phone":"+255 12"`, fid))
		l.create("admin", "/api/insuree/status-reasons/", `{"code":"MOVED","name":"Moved away","status_type":"IN"}`)
		list := `{id uuid validityFrom validityTo chfId otherNames lastName phone gender{code} dob marital status family{uuid location` + loc4 + `} currentVillage` + loc4 + `}`
		form := strings.TrimSuffix(head, "}") + ` family` + family + ` jsonExt}`
		for _, c := range []struct{ query, want string }{
			{`{insurees(first: 10, orderBy: ["chfId"], parentLocation: "` + l.districtUUID[1] + `", parentLocationLevel: 1, lastName_Icontains: "mac", chfId_Istartswith: "0707", gender_Code: "F", family_Isnull: false, photo_Isnull: true, dob_Gte: "1970-01-01", dob_Lte: "1980-01-01", phone_Icontains: "255", email_Icontains: "", showHistory: false, ignoreLocation: false)` + connN + list + `}}}`, `"totalCount":1`},
			{`{insurees(uuid: "` + memberUUID + `", ignoreLocation: true)` + conn + form + `}}}`, `"chfId":"070707081"`},
			{`{insurees(chfId: "070707070", ignoreLocation: true)` + conn + `{id uuid chfId lastName otherNames dob age validityFrom validityTo gender{code gender altLanguage} status family` + family + ` photo{folder filename photo}}}}}`, `"code":"M","gender":"Male"`},
			{`{insurees(first: 5 after: "" chfId_Istartswith: "07" lastName_Istartswith: "Mac" otherNames_Istartswith: "jo")` + connN + form + `}}}`, `"totalCount":2`},
			{`{families(first: 10, orderBy: ["-validityFrom"], headInsuree_LastName_Icontains: "mac", headInsuree_ChfId_Istartswith: "0707", headInsuree_Dob_Lte: "1951-01-01", nullAsFalsePoverty: false, confirmationNo_Istartswith: "")` + connN + `{id uuid poverty confirmationNo validityFrom validityTo headInsuree{id uuid chfId lastName otherNames email phone dob} location` + loc4 + `}}}}`, `"totalCount":1`},
			{`{families(members_ChfId_Istartswith: "070707081", members_LastName_Icontains: "acint", members_Gender_Code: "F", members_Dob_Gte: "1974-01-01")` + connN + `{uuid}}}}`, familyUUID},
			{`{families(members_ChfId_Istartswith: "070707081", members_Gender_Code: "M")` + connN + `{uuid}}}}`, `"totalCount":0`}, // not of one and the same
			{`{families(nullAsFalsePoverty: true)` + connN + `{uuid}}}}`, `"totalCount":0`},
			{`{families(officer: "` + familyUUID + `", additionalFilter: "{}")` + connN + `{uuid}}}}`, `"totalCount":0`},
			{`{families(uuid: "` + familyUUID + `", showHistory: true)` + conn + family + `}}}`, headUUID},
			{`{families(headInsuree_ChfId: "070707070")` + conn + family + `}}}`, familyUUID},
			{`{familyMembers(familyUuid: "` + familyUUID + `", first: 5, gender_Code: "", lastName_Icontains: "m")` + connN + `{uuid chfId otherNames lastName head phone gender{code} dob cardIssued}}}}`, `"chfId":"070707070","otherNames":"Joseph","lastName":"Macintyre","head":true`},
			{`{familyMembers(familyUuid: "` + familyUUID + `", orderBy: "-chfId", first: 1)` + connN + `{uuid}}}}`, memberUUID},
			{fmt.Sprintf(`{canAddInsuree(familyId: %d)}`, fid), `{"canAddInsuree":[]}`},
			{`{insureeNumberValidity(insureeNumber: "123456782"){isValid errorCode errorMessage}}`, `{"insureeNumberValidity":{"isValid":true,"errorCode":0,"errorMessage":""}}`},
			{`{insureeNumberValidity(insureeNumber: "070707070"){isValid errorCode errorMessage}}`, `"errorCode":1`},
			{`{insureeGenders{code}}`, `{"insureeGenders":[{"code":"M"},{"code":"F"},{"code":"O"}]}`},
			{`{educations{id} professions{id} relations{id}}`, `"professions":[{"id":1},{"id":2},{"id":3},{"id":4}]`},
			{`{identificationTypes{code} familyTypes{code}}`, `"identificationTypes":[{"code":"D"},{"code":"N"},{"code":"P"},{"code":"V"}]`},
			{`{confirmationTypes{code isConfirmationNumberRequired}}`, `{"code":"A","isConfirmationNumberRequired":false}`},
			{`{insureeStatusReasons(str: "away", statusType: "IN", first: 20){edges{node{id code insureeStatusReason statusType}}}}`, `"code":"MOVED","insureeStatusReason":"Moved away","statusType":"IN"`},
		} {
			if got := l.graph("clerk", c.query); !strings.Contains(got, c.want) {
				t.Errorf("%s\n got %s\nwant %s", c.query, got, c.want)
			}
		}
		if _, errs := l.ask("clerk", `{insurees(parentLocation: "`+l.districtUUID[1]+`"){totalCount}}`); errs == "" {
			t.Error("a place without its level is taken")
		}
	})
}

// picture is a picture of one point.
const picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

func TestClientMutations(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		const familyUUID, headUUID, memberUUID = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", "33333333-3333-4333-8333-333333333333"
		l.create("admin", "/api/insuree/status-reasons/", `{"code":"GONE","name":"Gone","status_type":"IN"}`)
		person := func(more string) string {
			return `lastName: "O\/Brien" otherNames: "Jane" genderId: "F" dob: "1990-02-28" head: false marital: "S" phone: "1" email: "a@b.example" cardIssued: false professionId: 2 educationId: 3 typeOfIdId: "P" passport: "X1" jsonExt: "{\"a\": 1}" ` + more
		}
		village := fmt.Sprint(l.village[1])
		number := func(uuid string) string {
			return fmt.Sprint(l.number("select id from insuree_families where uuid = $1", uuid))
		}
		for _, c := range []struct{ as, name, input, failure string }{
			{"clerk", "createFamily", `uuid: "` + familyUUID + `" locationId: ` + village + ` poverty: true familyTypeId: "H" confirmationTypeId: "A" confirmationNo: "7" address: "Road 1" headInsuree: {uuid: "` + headUUID + `" chfId: "12345678901" ` + person(`photo: {date: "2026-01-02" officerId: 3 photo: "`+picture+`"}`) + `}`, ""},
			{"clerk", "createInsuree", `uuid: "` + memberUUID + `" chfId: "M1" familyId: $FAMILY relationshipId: 4 ` + person(`photo: {uuid: "44444444-4444-4444-8444-444444444444" date: "2026-01-02" officerId: 3 folder: "f" filename: "m.jpg" photo: "`+picture+`"}`), ""},
			{"clerk", "createInsuree", `chfId: "M1" ` + person(""), "Another insuree has this insurance number."},
			{"clerk", "createInsuree", `chfId: "M2" ` + person(`photo: {date: "2026-01-02" photo: "bm90IGEgcGljdHVyZQ=="}`), "A photo is a picture"},
			{"clerk", "createInsuree", `chfId: "M2" ` + person(`photo: {date: "2026-01-02" photo: "?"}`), "not written in base64"},
			{"clerk", "createInsuree", `chfId: "M2" ` + person(`status: "XX"`), "wrong_value"},
			{"reader", "createInsuree", `chfId: "M2" ` + person(""), "permission"},
			{"other", "updateInsuree", `uuid: "` + memberUUID + `" chfId: "M1" ` + person(""), "There is no such record."},
			{"clerk", "updateInsuree", `uuid: "` + memberUUID + `" chfId: "M1" lastName: "New" otherNames: "Jane" genderId: "F" dob: "1990-02-28" status: "IN" statusReason: "GONE" statusDate: "2026-05-01" photo: {id: 9 uuid: "44444444-4444-4444-8444-444444444444" date: "2026-02-03" officerId: 4}`, ""},
			{"clerk", "setFamilyHead", `uuid: "` + familyUUID + `" insureeUuid: "` + memberUUID + `"`, ""},
			{"clerk", "updateFamily", `uuid: "` + familyUUID + `" locationId: ` + village + ` poverty: false headInsuree: {uuid: "` + memberUUID + `" chfId: "M1" ` + person("") + `} contribution: "{}"`, ""},
			{"clerk", "removeInsurees", `uuid: "` + familyUUID + `" uuids: ["` + headUUID + `"] cancelPolicies: true`, ""},
			{"clerk", "changeInsureeFamily", `familyUuid: "` + familyUUID + `" insureeUuid: "` + headUUID + `" cancelPolicies: false`, ""},
			{"clerk", "deleteInsurees", `uuid: "` + familyUUID + `" uuids: ["` + memberUUID + `"]`, "choose another head first"},
			{"clerk", "deleteInsurees", `uuid: "` + familyUUID + `" uuids: ["` + headUUID + `"]`, ""},
			{"clerk", "deleteFamilies", `uuids: ["` + familyUUID + `"] deleteMembers: true`, ""},
		} {
			input := c.input
			if strings.Contains(input, "$FAMILY") {
				input = strings.ReplaceAll(input, "$FAMILY", number(familyUUID))
			}
			if got := l.mutate(c.as, c.name, input); c.failure == "" && got != "" || !strings.Contains(got, c.failure) {
				t.Errorf("%s as %s: %s: %q, not %q", c.name, c.as, c.input, got, c.failure)
			}
			if c.name == "createFamily" {
				want := `{"poverty":true,"confirmationNo":"7","headInsuree":{"uuid":"` + headUUID + `","head":true,"lastName":"O/Brien","jsonExt":"{\"a\":1}","photo":{"officerId":3,"photo":"` + picture + `"}}}`
				got := l.graph("clerk", `{families(uuid: "`+familyUUID+`"){edges{node{poverty confirmationNo headInsuree{uuid head lastName jsonExt photo{officerId photo}}}}}}`)
				if !strings.Contains(strings.ReplaceAll(got, `{\"a\": 1}`, `{\"a\":1}`), want) {
					t.Errorf("the new family is %s", got)
				}
			}
			if c.name == "updateInsuree" && c.failure == "" {
				got := l.graph("clerk", `{insurees(uuid: "`+memberUUID+`"){edges{node{lastName phone passport status statusReason{code} photoDate family{uuid} photo{date officerId filename folder photo}}}}}`)
				if want := `{"lastName":"New","phone":"","passport":"","status":"IN","statusReason":{"code":"GONE"},"photoDate":"2026-02-03","family":{"uuid":"` + familyUUID + `"},"photo":{"date":"2026-02-03","officerId":4,"filename":"m.jpg","folder":"f","photo":"` + picture + `"}}`; !strings.Contains(got, want) {
					t.Errorf("after the change\n got %s\nwant %s", got, want)
				}
			}
		}
		if n := l.number("select count(*) from insuree_insurees where validity_to is null") + l.number("select count(*) from insuree_families where validity_to is null"); n != 0 {
			t.Errorf("%d records are left", n)
		}
		if n := l.number("select count(*) from file_pending"); n != 0 {
			t.Errorf("%d files of mutations that failed are left", n)
		}
		if n := l.number("select count(*) from api_mutations where json_content like '%" + picture[:20] + "%'"); n != 0 {
			t.Error("a photo is in the log of mutations")
		}
		if _, err := base64.StdEncoding.DecodeString(picture); err != nil {
			t.Fatal(err)
		}
	})
}

// Lists within records show the past, and are searched, as the lists that clients begin with are; nothing of it is seen that is elsewhere.
func TestListsWithinRecords(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		fid, _, familyUUID, _ := l.household("100", l.village[1])
		l.household("900", l.village[1])
		member, _ := l.person("101", fmt.Sprintf(`,"family":%d,"phone":"one","current_village":%d`, fid, l.village[2]))
		path := fmt.Sprint(insurees, member, "/")
		for _, body := range []string{fmt.Sprintf(`{"phone":"two","current_village":%d}`, l.village[1]), `{"phone":"three"}`} {
			if rec := l.Send("admin", "PATCH", path, body); rec.Code != 200 {
				t.Fatalf("%s: %d %s", body, rec.Code, rec.Body)
			}
		}
		gone, _ := l.person("102", fmt.Sprintf(`,"family":%d,"other_names":"Gone"`, fid))
		if rec := l.Send("admin", "DELETE", fmt.Sprint(insurees, gone, "/"), ""); rec.Code != 204 {
			t.Fatalf("%d %s", rec.Code, rec.Body)
		}
		for _, c := range []struct{ as, args, want string }{
			{"clerk", `orderBy: "chfId"`, "2: 100 101three"},
			{"admin", `showHistory: false orderBy: "chfId"`, "2: 100 101three"},
			// The family's head was in no family before; who is deleted has a row of the past and the closed one.
			{"admin", `showHistory: true orderBy: ["chfId", "validityFrom"]`, "6: 100 101one 101two 101three 102 102"},
			{"admin", `showHistory: true orderBy: ["chfId", "validityFrom"] validityTo_Isnull: false`, "4: 101one 101two 102 102"},
			{"admin", `showHistory: true first: 2 offset: 1 orderBy: ["chfId", "validityFrom"]`, "6: 101one 101two"},
			{"admin", `showHistory: true last: 2 orderBy: ["chfId", "validityFrom"]`, "6: 102 102"},
			{"admin", `showHistory: true phone: "two"`, "1: 101two"},
			// When they lived elsewhere is not told to whoever works here.
			{"clerk", `showHistory: true orderBy: ["chfId", "validityFrom"]`, "5: 100 101two 101three 102 102"},
			{"admin", `validity: "2100-01-01" orderBy: "chfId"`, "2: 100 101three"},
			{"admin", `validity: "2000-01-01"`, "0:"},
			{"admin", `search: "one"`, "0:"},
			{"admin", `search: "101 macin"`, "1: 101three"},
			{"admin", `showHistory: true search: "gone"`, "2: 102 102"},
		} {
			data := l.graph(c.as, `{families(uuid: "`+familyUUID+`"){edges{node{members(`+c.args+`){totalCount edges{node{chfId phone}}}}}}}`)
			var answer struct {
				Families struct {
					Edges []struct {
						Node struct {
							Members struct {
								TotalCount int
								Edges      []struct{ Node struct{ ChfID, Phone string } }
							}
						}
					}
				}
			}
			if err := json.Unmarshal([]byte(data), &answer); err != nil || len(answer.Families.Edges) != 1 {
				t.Fatalf("%s: %v in %s", c.args, err, data)
			}
			members := answer.Families.Edges[0].Node.Members
			got := fmt.Sprint(members.TotalCount, ":")
			for _, e := range members.Edges {
				got += " " + e.Node.ChfID + e.Node.Phone
			}
			if got != c.want {
				t.Errorf("%s %s: got %q, want %q", c.as, c.args, got, c.want)
			}
		}
		// The places that were below another before.
		if got := l.graph("admin", `{locations(type: "D", code: "D1"){edges{node{children(showHistory: true, search: "W1"){totalCount}}}}}`); !strings.Contains(got, `"totalCount":1`) {
			t.Error(got)
		}
	})
}

// Further data is JSON in a text, both ways; an empty text is none.
func TestFurtherData(t *testing.T) {
	t.Parallel()
	eachLab(t, func(l *lab) {
		const person = `lastName: "T" otherNames: "A" genderId: "F" dob: "1990-02-03"`
		for i, c := range []struct{ sent, want string }{
			{`jsonExt: "{\"a\":[1,2.50,\"é\"],\"b\":null}"`, `"jsonExt":"{\"a\":[1,2.50,\"é\"],\"b\":null}"`},
			{`jsonExt: ""`, `"jsonExt":null`},
			{`jsonExt: " "`, `"jsonExt":null`},
			{`jsonExt: null`, `"jsonExt":null`},
			{``, `"jsonExt":null`},
		} {
			number := fmt.Sprint("J", i)
			if failure := l.mutate("admin", "createInsuree", `chfId: "`+number+`" `+person+` `+c.sent); failure != "" {
				t.Errorf("%s: %s", c.sent, failure)
			}
			if got := l.graph("admin", `{insurees(chfId: "`+number+`"){edges{node{jsonExt}}}}`); !strings.Contains(got, c.want) {
				t.Errorf("%s: got %s, want %s", c.sent, got, c.want)
			}
		}
	})
}
