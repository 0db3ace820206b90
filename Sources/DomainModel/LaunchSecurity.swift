/// `<launchSecurity>`: memory that the host cannot read.
package struct LaunchSecurity: XMLPart {
    /// `sev`, `sev-snp`, `tdx` or `s390-pv`.
    package var type = ""
    /// The bit of an address that marks an encrypted page.
    package var cbitpos: Int?
    /// Physical address bits that the guest loses.
    package var reducedPhysBits: Int?
    /// Hexadecimal, such as `0x0001`.
    package var policy: String?
    /// The guest owner's Diffie-Hellman key, Base64.
    package var dhCert: String?
    /// The guest owner's session blob, Base64.
    package var session: String?
    package var rest: XMLRest?

    package init() {}

    package init(type: String, policy: String? = nil) {
        self.type = type
        self.policy = policy
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.text(in: "cbitpos", &cbitpos)
        visitor.text(in: "reducedPhysBits", &reducedPhysBits)
        visitor.text(in: "policy", &policy)
        visitor.text(in: "dhCert", &dhCert)
        visitor.text(in: "session", &session)
    }
}
