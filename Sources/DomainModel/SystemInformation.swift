/// `<sysinfo type='smbios'>`.
package struct SystemInformation: XMLPart {
    /// Entries of `<bios>`, in order.
    package var bios: [SMBIOSEntry] = []
    /// Entries of `<system>`, in order.
    package var system: [SMBIOSEntry] = []
    /// Entries of `<baseBoard>`, in order.
    package var baseBoard: [SMBIOSEntry] = []
    /// Entries of `<chassis>`, in order.
    package var chassis: [SMBIOSEntry] = []
    package var rest: XMLRest?

    package init() {}

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.constant("type", "smbios")
        visitor.group("bios") { $0.elements("entry", &bios) }
        visitor.group("system") { $0.elements("entry", &system) }
        visitor.group("baseBoard") { $0.elements("entry", &baseBoard) }
        visitor.group("chassis") { $0.elements("entry", &chassis) }
    }
}

/// One string of an SMBIOS table.
package struct SMBIOSEntry: XMLPart {
    package var name = ""
    package var value = ""
    package var rest: XMLRest?

    package init() {}

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("name", &name)
        visitor.text(&value)
    }
}
