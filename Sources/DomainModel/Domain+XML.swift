extension Domain {
    /// Reads the document of a domain, as `virDomainGetXMLDesc` returns it.
    package init(xml: String) throws(XMLError) {
        let root = try XMLReader.read(xml)
        guard root.name == "domain" else {
            throw .unreadable(element: root.name, problem: "it is not the <domain> that was expected")
        }
        var visitor = XMLReadingVisitor(root)
        self = visitor.readPart()
        if let problem = visitor.problem {
            throw .unreadable(element: "domain", problem: "\(problem) is missing, or is no value that it can have")
        }
    }

    /// The document that libvirt's `virDomainDefineXML` takes.
    package func xml() -> XMLWriter { XMLWriter.write("domain", self, capacity: likelySize) }

    /// Bytes that the document most likely fits into.
    private var likelySize: Int {
        let large = devices.disks.count + devices.interfaces.count + devices.hostDevices.count
        let small = devices.controllers.count + vcpus.count + (cputune?.vcpuPins.count ?? 0)
        return 6144 + 640 * large + 160 * small
    }
}
