package doctor

import (
	"fmt"
	"syscall"
)

// networks are the kinds of file systems that lie on other machines, by the number in their statfs.
var networks = map[uint32]string{
	0x6969: "NFS", 0xff534d42: "a Windows share (CIFS)", 0xfe534d42: "a Windows share (SMB2)", 0x517b: "a Windows share (SMB)", 0x01021997: "a shared folder (9p)",
	0x5346414f: "AFS", 0x73757245: "Coda", 0x00c36400: "Ceph", 0x0bd00bd0: "Lustre", 0x564c: "NCP",
}

func diskOf(dir string) (disk, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return disk{}, fmt.Errorf("look at the disk of %s: %w", dir, err)
	}
	// The widths differ between machines.
	return disk{free: int64(s.Bavail) * int64(s.Bsize), network: networks[uint32(s.Type)]}, nil
}
