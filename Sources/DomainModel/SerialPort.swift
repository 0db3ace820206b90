/// `<serial type='unix'>`.
package struct SerialPort: XMLPart {
    package var type = "unix"
    /// The Unix socket that QEMU listens on.
    package var socket: String?
    /// The file that virtlogd copies the guest's output to.
    package var logFile: String?
    /// Whether a new start adds to the log, where there is one.
    package var logAppend: Bool? = true
    package var port: Int? = 0
    package var alias: String?
    package var rest: XMLRest?

    package init() {}

    package init(socket: String?, port: Int = 0, logFile: String? = nil) {
        self.socket = socket
        self.port = port
        self.logFile = logFile
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.boundSocket(&socket)
        visitor.group("log") { log in
            log.attribute("file", &logFile)
            if logFile != nil { log.attribute("append", onOff: &logAppend) }
        }
        visitor.attribute("port", in: "target", &port)
        visitor.alias(&alias)
    }
}

/// `<console>`: the guest's text console, on one of its serial ports or a device of its own.
package struct Console: XMLPart {
    package var type = "pty"
    package var targetType: String? = "serial"
    package var targetPort: Int? = 0
    package var alias: String?
    package var rest: XMLRest?

    package init() {}

    package init(type: String = "pty", targetType: String?, targetPort: Int?) {
        self.type = type
        self.targetType = targetType
        self.targetPort = targetPort
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.attribute("type", &type)
        visitor.group("target") { target in
            target.attribute("type", &targetType)
            target.attribute("port", &targetPort)
        }
        visitor.alias(&alias)
    }
}
