package present

import (
	"cmp"
	"fmt"

	"fieldline/element"
)

// Infos are what a connector says of its parameters.
type Infos map[element.ParamID]element.ParamInfo

// label is what a parameter is called.
func (i Infos) label(id element.ParamID) string {
	return cmp.Or(i[id].Description, fmt.Sprintf("Parameter %d", id))
}

// twins are a parameter and the one that writes it; one that is written alone
// is its own.
func (i Infos) twins(id element.ParamID) Twins {
	info := i[id]
	if info.Type == "write" {
		return Twins{info, info}
	}
	return Twins{info, i[info.WriteID]}
}
