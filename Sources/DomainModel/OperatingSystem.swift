/// `<os>`: machine type, firmware, and a kernel that starts without a boot loader.
package struct OperatingSystem: XMLPart {
    /// `os/@firmware`: libvirt chooses the firmware of that kind.
    package var firmware: String?
    /// The text of `<type>`: `hvm` for a whole machine.
    package var type = "hvm"
    package var architecture = "x86_64"
    package var machine = "q35"
    package var loader: FirmwareLoader?
    package var kernel: String?
    package var initrd: String?
    package var commandLine: String?
    package var acpiTables: [ACPITable] = []
    package var biosUseSerial = false
    /// Milliseconds that the boot menu waits; no menu where nil.
    package var bootMenuTimeout: Int?
    package var smbiosFromSysinfo = false
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("firmware", &firmware)
        visitor.group("type") { element in
            element.attribute("arch", &architecture)
            element.attribute("machine", &machine)
            element.text(&type)
        }
        visitor.firmware(&loader)
        visitor.text(in: "kernel", &kernel)
        visitor.text(in: "initrd", &initrd)
        visitor.text(in: "cmdline", &commandLine)
        visitor.group("acpi") { $0.elements("table", &acpiTables) }
        visitor.group("bios") { $0.attribute("useserial", is: "yes", &biosUseSerial) }
        visitor.group("bootmenu") { menu in
            var isEnabled = bootMenuTimeout != nil
            if menu.isReading, menu.peek("enable") != "yes" || menu.peek("timeout").flatMap({ Int(xml: $0) }) == nil {
                bootMenuTimeout = nil
                return
            }
            menu.attribute("enable", is: "yes", &isEnabled)
            menu.attribute("timeout", &bootMenuTimeout)
        }
        visitor.group("smbios") { $0.attribute("mode", is: "sysinfo", &smbiosFromSysinfo) }
    }
}

/// `<acpi><table>`: an ACPI table that the guest finds, such as `slic` with a licence.
package struct ACPITable: XMLPart {
    package var type = ""
    package var path = ""
    package var rest: XMLRest?

    package init() {}

    package init(type: String, path: String) {
        self.type = type
        self.path = path
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.text(&path)
    }
}
