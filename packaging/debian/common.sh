# Into prerm and postrm, after their first lines.

# The VMs of virt-node that run: each has an intent of its domain's name, and a QEMU that bears it.
running() {
	for intent in /var/lib/virt-node/intents/*.json; do
		name=${intent##*/}
		[ -e "$intent" ] && pgrep -f -- "-name guest=${name%.json}," >/dev/null && echo "${name%.json}"
	done
	return 0
}
