/// `<devices>`.
package struct DomainDevices: Sendable, Equatable {
    package var emulator: String?
    package var disks: [DomainDisk] = []
    package var controllers: [Controller] = []
    package var interfaces: [DomainInterface] = []
    package var serials: [SerialPort] = []
    package var channels: [Channel] = []
    package var inputs: [InputDevice] = []
    package var tpm: TrustedPlatformModule?
    package var graphics: Graphics?
    package var video: VideoCard?
    package var watchdog: WatchdogDevice?
    package var memballoon: MemoryBalloon?
    package var rng: RandomNumberGenerator?

    package init() {}

    func write(to writer: inout XMLWriter) {
        writer.element("devices") { writer in
            if let emulator { writer.element("emulator", text: emulator) }
            for disk in disks { disk.write(to: &writer) }
            for controller in controllers { controller.write(to: &writer) }
            for interface in interfaces { interface.write(to: &writer) }
            for serial in serials { serial.write(to: &writer) }
            for channel in channels { channel.write(to: &writer) }
            for input in inputs { input.write(to: &writer) }
            tpm?.write(to: &writer)
            graphics?.write(to: &writer)
            video?.write(to: &writer)
            watchdog?.write(to: &writer)
            memballoon?.write(to: &writer)
            rng?.write(to: &writer)
        }
    }
}

/// `<controller>`.
package struct Controller: Sendable, Equatable {
    package var type: String
    package var index: Int
    package var model: String?

    package init(type: String, index: Int = 0, model: String? = nil) {
        self.type = type
        self.index = index
        self.model = model
    }

    func write(to writer: inout XMLWriter) {
        writer.element("controller") { writer in
            writer.attribute("type", type)
            writer.attribute("index", index)
            writer.attribute("model", model)
        }
    }
}

/// `<input>`.
package struct InputDevice: Sendable, Equatable {
    package var type: String
    package var bus: String
    package var model: String?
    package var alias: String?

    package init(type: String, bus: String, model: String? = nil, alias: String? = nil) {
        self.type = type
        self.bus = bus
        self.model = model
        self.alias = alias
    }

    func write(to writer: inout XMLWriter) {
        writer.element("input") { writer in
            writer.attribute("type", type)
            writer.attribute("bus", bus)
            writer.attribute("model", model)
            if let alias { writer.element("alias") { $0.attribute("name", alias) } }
        }
    }
}

/// `<tpm>` with an emulated backend.
package struct TrustedPlatformModule: Sendable, Equatable {
    package var model: String

    package init(model: String) { self.model = model }

    func write(to writer: inout XMLWriter) {
        writer.element("tpm") { writer in
            writer.attribute("model", model)
            writer.element("backend") { writer in
                writer.attribute("type", "emulator")
                writer.attribute("version", "2.0")
            }
        }
    }
}

/// `<graphics type='vnc'>` on a Unix socket.
package struct Graphics: Sendable, Equatable {
    package var socket: String

    package init(socket: String) { self.socket = socket }

    func write(to writer: inout XMLWriter) {
        writer.element("graphics") { writer in
            writer.attribute("type", "vnc")
            writer.element("listen") { writer in
                writer.attribute("type", "socket")
                writer.attribute("socket", socket)
            }
        }
    }
}

/// `<video>`.
package struct VideoCard: Sendable, Equatable {
    package var model: String
    /// KiB of video memory, for the models that have a choice.
    package var memoryKiB: Int?

    package init(model: String, memoryKiB: Int? = nil) {
        self.model = model
        self.memoryKiB = memoryKiB
    }

    func write(to writer: inout XMLWriter) {
        writer.element("video") { writer in
            writer.element("model") { writer in
                writer.attribute("type", model)
                if let memoryKiB { writer.attribute("vram", memoryKiB) }
                writer.attribute("heads", 1)
            }
        }
    }
}

/// `<watchdog>`.
package struct WatchdogDevice: Sendable, Equatable {
    package var model: String
    package var action: String
    package var alias: String

    package init(model: String, action: String, alias: String) {
        self.model = model
        self.action = action
        self.alias = alias
    }

    func write(to writer: inout XMLWriter) {
        writer.element("watchdog") { writer in
            writer.attribute("model", model)
            writer.attribute("action", action)
            writer.element("alias") { $0.attribute("name", alias) }
        }
    }
}

/// `<memballoon>`.
package struct MemoryBalloon: Sendable, Equatable {
    package var model: String
    package var freePageReporting: Bool?
    /// Seconds between the guest's statistics.
    package var statisticsPeriod: Int?

    package init(model: String, freePageReporting: Bool? = nil, statisticsPeriod: Int? = nil) {
        self.model = model
        self.freePageReporting = freePageReporting
        self.statisticsPeriod = statisticsPeriod
    }

    func write(to writer: inout XMLWriter) {
        writer.element("memballoon") { writer in
            writer.attribute("model", model)
            if let freePageReporting { writer.attribute("freePageReporting", on: freePageReporting) }
            if let statisticsPeriod { writer.element("stats") { $0.attribute("period", statisticsPeriod) } }
        }
    }
}

/// `<rng>` fed from the host's `/dev/urandom`.
package struct RandomNumberGenerator: Sendable, Equatable {
    package var model: String

    package init(model: String) { self.model = model }

    func write(to writer: inout XMLWriter) {
        writer.element("rng") { writer in
            writer.attribute("model", model)
            writer.element("backend") { writer in
                writer.attribute("model", "random")
                writer.content("/dev/urandom")
            }
        }
    }
}
