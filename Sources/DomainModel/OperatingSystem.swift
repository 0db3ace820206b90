/// `<os>`: machine type, firmware, and a kernel that starts without a boot loader.
package struct OperatingSystem: Sendable, Equatable {
    package var architecture = "x86_64"
    package var machine = "q35"
    package var loader: FirmwareLoader?
    package var kernel: String?
    package var initrd: String?
    package var commandLine: String?
    package var biosUseSerial = false
    /// Milliseconds that the boot menu waits; no menu where nil.
    package var bootMenuTimeout: Int?
    package var smbiosFromSysinfo = false

    package init() {}

    func write(to writer: inout XMLWriter) {
        writer.element("os") { writer in
            writer.element("type") { writer in
                writer.attribute("arch", architecture)
                writer.attribute("machine", machine)
                writer.content("hvm")
            }
            loader?.write(to: &writer)
            if let kernel { writer.element("kernel", text: kernel) }
            if let initrd { writer.element("initrd", text: initrd) }
            if let commandLine { writer.element("cmdline", text: commandLine) }
            if biosUseSerial { writer.element("bios") { $0.attribute("useserial", yes: true) } }
            if let bootMenuTimeout {
                writer.element("bootmenu") { writer in
                    writer.attribute("enable", yes: true)
                    writer.attribute("timeout", bootMenuTimeout)
                }
            }
            if smbiosFromSysinfo { writer.element("smbios") { $0.attribute("mode", "sysinfo") } }
        }
    }
}

/// `<loader>` and `<nvram>`: UEFI firmware and its variables.
package struct FirmwareLoader: Sendable, Equatable {
    package var path: String
    package var secure: Bool
    package var variablesTemplate: String
    package var variables: String

    package init(path: String, secure: Bool, variablesTemplate: String, variables: String) {
        self.path = path
        self.secure = secure
        self.variablesTemplate = variablesTemplate
        self.variables = variables
    }

    func write(to writer: inout XMLWriter) {
        writer.element("loader") { writer in
            writer.attribute("readonly", yes: true)
            writer.attribute("secure", yes: secure)
            writer.attribute("type", "pflash")
            writer.content(path)
        }
        writer.element("nvram") { writer in
            writer.attribute("template", variablesTemplate)
            writer.content(variables)
        }
    }
}

/// `<sysinfo type='smbios'>`.
package struct SystemInformation: Sendable, Equatable {
    /// Entries of `<system>`, in order.
    package var system: [SMBIOSEntry] = []
    /// Entries of `<chassis>`, in order.
    package var chassis: [SMBIOSEntry] = []

    package init() {}

    func write(to writer: inout XMLWriter) {
        writer.element("sysinfo") { writer in
            writer.attribute("type", "smbios")
            if !system.isEmpty { writer.element("system") { Self.write(system, to: &$0) } }
            if !chassis.isEmpty { writer.element("chassis") { Self.write(chassis, to: &$0) } }
        }
    }

    private static func write(_ entries: [SMBIOSEntry], to writer: inout XMLWriter) {
        for entry in entries {
            writer.element("entry") { writer in
                writer.attribute("name", entry.name)
                writer.content(entry.value)
            }
        }
    }
}

/// One string of an SMBIOS table.
package struct SMBIOSEntry: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
