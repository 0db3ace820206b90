/// `<filesystem>`: a folder of the host in the guest, through virtiofs.
package struct Filesystem: XMLPart {
    package var type = "mount"
    package var accessMode: String? = "passthrough"
    package var driverType: String? = "virtiofs"
    /// How many requests the queue holds.
    package var queue: Int?
    /// The Unix socket of a virtiofsd that runs already.
    package var sourceSocket: String?
    /// The folder for a virtiofsd that libvirt starts.
    package var sourceDirectory: String?
    /// The tag by which the guest mounts it.
    package var target = ""
    package var alias: String?
    package var address: DeviceAddress?
    package var rest: XMLRest?

    package init() {}

    package init(target: String, sourceSocket: String? = nil, sourceDirectory: String? = nil) {
        self.target = target
        self.sourceSocket = sourceSocket
        self.sourceDirectory = sourceDirectory
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.attribute("accessmode", &accessMode)
        visitor.group("driver") { driver in
            driver.attribute("type", &driverType)
            driver.attribute("queue", &queue)
        }
        visitor.group("source") { source in
            source.attribute("socket", &sourceSocket)
            source.attribute("dir", &sourceDirectory)
        }
        visitor.attribute("dir", in: "target", &target)
        visitor.alias(&alias)
        visitor.address(&address)
    }
}
