extension DomainDisk {
    /// A file or block device, and what it is layered over, each with its format: nothing is left to be probed.
    package struct Source: Sendable, Equatable {
        package var path: String
        package var format: Format
        package var isBlockDevice: Bool
        package var backing: [Backing]
        /// Whether libvirt shall look into the lowest layer for a further one. Only documents of others say so.
        package var isProbed = false

        package struct Backing: Sendable, Equatable {
            package var path: String
            package var format: Format
            package var isBlockDevice: Bool

            package init(path: String, format: Format, isBlockDevice: Bool = false) {
                self.path = path
                self.format = format
                self.isBlockDevice = isBlockDevice
            }
        }

        package init(path: String, format: Format, isBlockDevice: Bool = false, backing: [Backing] = []) {
            self.path = path
            self.format = format
            self.isBlockDevice = isBlockDevice
            self.backing = backing
        }
    }

    /// A disk's source while it is visited: it is spread over the attributes of several elements.
    struct SourceDraft {
        var type: String
        var format: String?
        var path: String?
        var chain: Chain

        static func of(_ disk: DomainDisk) -> SourceDraft {
            guard let source = disk.source else {
                return SourceDraft(
                    type: disk.otherType ?? "", format: disk.otherFormat,
                    chain: Chain(layers: [], isOpen: true))
            }
            return SourceDraft(
                type: source.isBlockDevice ? "block" : "file", format: source.format.rawValue, path: source.path,
                chain: Chain(layers: source.backing, isOpen: source.isProbed))
        }

        /// Where the path stands; nil where it is no path of ours.
        var pathAttribute: StaticString? {
            guard format.flatMap({ Format(rawValue: $0) }) != nil else { return nil }
            return type == "file" ? "file" : type == "block" ? "dev" : nil
        }

        /// Hands what was read to the disk.
        func finish(_ disk: inout DomainDisk) {
            guard let path, let known = format.flatMap({ Format(rawValue: $0) }) else {
                (disk.source, disk.otherType, disk.otherFormat) = (nil, type.isEmpty ? nil : type, format)
                return
            }
            var source = Source(path: path, format: known, isBlockDevice: type == "block", backing: chain.layers)
            source.isProbed = chain.isOpen
            disk.source = source
        }
    }

    /// The layers below a disk.
    struct Chain {
        var layers: [Source.Backing]
        /// Whether the end is not said.
        var isOpen: Bool
    }
}

extension XMLVisitor {
    /// `<backingStore>`, nested once a layer. An empty one says that nothing lies below; without it libvirt would look
    /// into the file itself.
    mutating func backingStore(_ chain: inout DomainDisk.Chain) {
        if Self.isReading {
            chain = DomainDisk.Chain(layers: [], isOpen: true)
            readLayer(&chain)
        } else {
            writeLayer(chain, at: 0)
        }
    }

    private mutating func writeLayer(_ chain: DomainDisk.Chain, at index: Int) {
        guard index < chain.layers.count else {
            // An open end is written where something is left of a layer that could not be read.
            guard !chain.isOpen else { return group("backingStore") { _ in } }
            var isPresent = true
            return child("backingStore", isPresent: &isPresent) { _ in }
        }
        group("backingStore") { store in
            var layer: DomainDisk.Source.Backing? = chain.layers[index]
            store.layer(&layer)
            store.writeLayer(chain, at: index + 1)
        }
    }

    private mutating func readLayer(_ chain: inout DomainDisk.Chain) {
        guard has("backingStore") else { return }
        if hasEmpty("backingStore") {
            var isPresent = true
            child("backingStore", isPresent: &isPresent) { _ in }
            chain.isOpen = false
            return
        }
        group("backingStore") { store in
            var layer: DomainDisk.Source.Backing?
            store.layer(&layer)
            guard let layer else { return }
            chain.layers.append(layer)
            store.readLayer(&chain)
        }
    }

    /// One layer. It is read whole or not at all.
    private mutating func layer(_ layer: inout DomainDisk.Source.Backing?) {
        if isReading { layer = peekedLayer() }
        guard let layer else { return }
        var (type, format, path): (DiskType?, DomainDisk.Format?, String?)
        (type, format, path) = (layer.isBlockDevice ? .block : .file, layer.format, layer.path)
        attribute("type", &type)
        group("format") { $0.attribute("type", &format) }
        group("source") { $0.attribute(layer.isBlockDevice ? "dev" : "file", &path) }
    }

    /// Nil for what is no file and no block device, and for unknown formats.
    private func peekedLayer() -> DomainDisk.Source.Backing? {
        guard let type = peek("type").flatMap({ DiskType(rawValue: $0) }),
            let format = peek("type", in: "format").flatMap({ DomainDisk.Format(rawValue: $0) }),
            let path = peek(type == .block ? "dev" : "file", in: "source")
        else { return nil }
        return DomainDisk.Source.Backing(path: path, format: format, isBlockDevice: type == .block)
    }
}

private enum DiskType: String, XMLWord {
    case file, block
}
