package gql

import (
	"slices"
	"testing"

	"almoner.dev/almoner/core/entity"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{fieldName("other_names"), "otherNames"},
		{fieldName("uuid"), "uuid"},
		{fieldName("p_code"), "pCode"},
		{argumentName("last_name__icontains"), "lastName_Icontains"},
		{argumentName("parent__parent__uuid__in"), "parent_Parent_Uuid_In"},
		{argumentName("i_user__email__iexact"), "iUser_Email_Iexact"},
		{argumentName("code"), "code"},
		{rootName("tpm.staff_member"), "tpmStaffMember"},
		{rootName("grievance.ticket"), "grievanceTicket"},
		{plural("activity"), "activities"},
		{plural("day"), "days"},
		{plural("address"), "addresses"},
		{plural("box"), "boxes"},
		{plural("branch"), "branches"},
		{plural("visit"), "visits"},
		{plural("y"), "ies"},
		{typeName(&entity.Entity{Name: "tpm.report_reject_comment"}), "TpmReportRejectComment"},
		{globalID("RoleGQLType", "1"), "Um9sZUdRTFR5cGU6MQ=="},
		{snakeOrder("lastName"), "last_name"},
		{snakeOrder("request_date_time"), "request_date_time"},
		{snakeOrder("headInsuree__chfId"), "head_insuree__chf_id"},
		{snakeOrder("insuree__last_name"), "insuree__last_name"},
		{snakeOrder("parent_Name"), "parent__name"},
		{cursor(7), "YXJyYXljb25uZWN0aW9uOjc="},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestEnumNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ values, want []string }{
		{[]string{"draft", "tpm_accepted", "Bilateral / Multilateral"}, []string{"DRAFT", "TPM_ACCEPTED", "BILATERAL_MULTILATERAL"}},
		{[]string{"0", "10", "x"}, []string{"A_0", "A_10", "X"}},
		{[]string{"+", "~", "-"}, []string{"_", "__1", "__2"}},
		{[]string{"a b", "a-b", "A B"}, []string{"A_B", "A_B_1", "A_B_2"}},
		{[]string{"", "true"}, []string{"_", "TRUE_1"}},
	} {
		var choices []entity.ChoiceValue
		for _, v := range c.values {
			choices = append(choices, entity.ChoiceValue{Value: v})
		}
		if got := enumNames(choices); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.values, got, c.want)
		}
	}
}

func TestIDsAndCursors(t *testing.T) {
	t.Parallel()
	number, keyed := &idOf{typ: "Role"}, &idOf{typ: "User", key: "uuid"}
	for _, c := range []struct {
		of         *idOf
		text, want string
	}{
		{number, "7", "7"},
		{number, globalID("Role", "9"), "9"},
		{number, "-3", "-3"},
		{keyed, "0192f3c8-6f4e", "0192f3c8-6f4e"},
		{keyed, globalID("User", "0192f3c8-6f4e"), "0192f3c8-6f4e"},
	} {
		if got, fault := c.of.parse(c.text); got != c.want || fault != nil {
			t.Errorf("%s: got %s %v, want %s", c.text, got, fault, c.want)
		}
	}
	for _, text := range []string{"", "x", globalID("User", "9"), "Um9sZQ==", "99999999999999999999", globalID("Role", "x")} {
		if got, fault := number.parse(text); fault == nil {
			t.Errorf("%q is taken for %s", text, got)
		}
	}
	for text, want := range map[string]int{cursor(0): 0, cursor(12): 12, "": -1, "x": -1, "YXJyYXljb25uZWN0aW9uOg==": -1, "YXJyYXljb25uZWN0aW9uOi01": -1, "YXJyYXljb25uZWN0aW9uOjk5OTk5OTk5OTk5": -1} {
		if got := position(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
