internal import FoundationEssentials
internal import Glibc
internal import HostModel
internal import KubernetesModel
package import SystemPackage

/// What a node's files tell of virt-node and its VMs: no daemon, no libvirt and no API is asked.
package struct HostDump: Sendable {
    private let folders: SessionFolders
    /// Where the host's libvirt keeps its things.
    private let libvirt: FilePath

    package init(_ folders: SessionFolders, libvirt: FilePath = "/") {
        self.folders = folders
        self.libvirt = libvirt
    }

    package func collect() -> DumpContents {
        var contents = DumpContents()
        host(&contents)
        state(&contents)
        for process in DumpProcess.all(of: folders) { process.collect(&contents) }
        domains(&contents)
        listings(&contents)
        return contents
    }

    private func host(_ contents: inout DumpContents) {
        for (path, what) in [
            ("/proc/version", "the kernel"), ("/usr/lib/os-release", "the distribution"),
            ("/proc/uptime", "seconds since boot"),
            ("/proc/meminfo", "the host's memory"), ("/proc/loadavg", "how busy it is"),
            ("/proc/pressure/cpu", "who waits for CPUs"), ("/proc/pressure/memory", "who waits for memory"),
            ("/proc/pressure/io", "who waits for disks"), ("/proc/cmdline", "the kernel's arguments"),
        ] {
            take(FilePath(path), as: "host\(path)", what, &contents)
        }
    }

    /// What must be undone, and what happened.
    private func state(_ contents: inout DumpContents) {
        take(
            folders.node.configuration.appending("config.yaml"), as: "configuration/config.yaml", "the configuration",
            &contents)
        for name in Files.names(in: folders.intents) where !name.hasPrefix(".") {
            let path = folders.intents.appending(name)
            if name.hasSuffix(".vmi") {
                object(path, as: "state/intents/\(name)", "a VMI as the daemon saw it last", &contents)
            } else {
                take(path, as: "state/intents/\(name)", "what must be undone for a VM", &contents)
            }
        }
        for (folder, place, what) in [
            (folders.timelines, "timelines", "what happened to a VMI, a line a step"),
            (folders.guests, "guests", "what a guest saw at its first start"),
            (folders.node.state.appending("devices"), "devices", "who holds which device"),
        ] {
            for name in Files.names(in: folder) where !name.hasPrefix(".") {
                take(folder.appending(name), as: "state/\(place)/\(name)", what, &contents)
            }
        }
    }

    private func object(_ path: FilePath, as name: String, _ what: String, _ contents: inout DumpContents) {
        do throws(Errno) {
            let text = try DumpFile.tail(path, limit: 4 << 20)
            guard let document = try? DocumentReader().read(text).first else {
                return contents.lacks(path.string, "it holds no object")
            }
            for secret in DocumentRedaction.secrets(in: document) { contents.scrubber.learn(secret) }
            contents.add(name, what, DocumentWriter.yaml(DocumentRedaction.redacted(document)))
        } catch {
            contents.lacks(path.string, "\(error)")
        }
    }

    private func take(_ path: FilePath, as name: String, _ what: String, _ contents: inout DumpContents) {
        do throws(Errno) { contents.add(name, what, try DumpFile.tail(path)) } catch {
            contents.lacks(path.string, "\(error)")
        }
    }

    // MARK: libvirt

    /// Both libvirts' documents and QEMU's logs, by libvirt's own files: they are there when libvirt is not.
    private func domains(_ contents: inout DumpContents) {
        let embedded = folders.daemon.appending("l")
        let places = [
            (
                "embedded", embedded.appending("etc/qemu"), embedded.appending("run/qemu"),
                embedded.appending("log/qemu")
            ),
            (
                "system", libvirt.appending("etc/libvirt/qemu"), libvirt.appending("run/libvirt/qemu"),
                libvirt.appending("var/log/libvirt/qemu")
            ),
        ]
        let owns = [folders.node.run, folders.node.state, folders.node.cache].map { "\($0)/" }
        for (libvirt, definitions, states, logs) in places {
            var ours: Set<String> = []
            for (folder, kind, what) in [
                (definitions, "defined", "the domain that the next start would use"),
                (states, "live", "the domain that runs"),
            ] {
                for name in Files.names(in: folder) where name.hasSuffix(".xml") {
                    guard let text = try? DumpFile.tail(folder.appending(name), limit: 4 << 20),
                        text.contains(Self.namespace)
                    else { continue }
                    ours.insert(String(name.dropLast(4)))
                    contents.add("libvirt/\(libvirt)/\(kind)/\(name)", what, text)
                }
            }
            for name in Files.names(in: logs) where name.hasSuffix(".log") {
                do throws(Errno) {
                    let text = try DumpFile.tail(logs.appending(name))
                    // Of a domain that is gone, the log alone tells: its arguments name our folders.
                    let isOurs = ours.contains(String(name.dropLast(4))) || owns.contains { text.contains($0) }
                    guard libvirt == "embedded" || isOurs else { continue }
                    contents.add("libvirt/\(libvirt)/log/\(name)", "what QEMU said, its end", text)
                } catch {
                    contents.lacks(logs.appending(name).string, "\(error)")
                }
            }
        }
    }

    private static let namespace = "https://virt-node.io/v1"

    // MARK: Folders

    private static let listingLimit = 20_000

    private func listings(_ contents: inout DumpContents) {
        for (name, folder) in [
            ("configuration", folders.node.configuration), ("state", folders.node.state), ("run", folders.node.run),
            ("cache", folders.node.cache),
        ] {
            guard Files.exists(folder) else {
                contents.lacks(folder.string, "there is no such folder")
                continue
            }
            var lines: [String] = []
            list(folder, "", &lines)
            contents.add(
                "folders/\(name).txt", "names, sizes and owners below \(folder)",
                "MODE USER:GROUP BYTES MODIFIED PATH\n" + lines.joined(separator: "\n") + "\n")
        }
    }

    private func list(_ folder: FilePath, _ place: String, _ lines: inout [String]) {
        for name in Files.names(in: folder) {
            guard lines.count < Self.listingLimit else {
                if lines.last != "…" { lines.append("…") }
                return
            }
            let path = folder.appending(name)
            var status = stat()
            guard lstat(path.string, &status) == 0 else { continue }
            let mode = String(status.st_mode, radix: 8)
            let target = DumpFile.link(path.string).map { " -> \($0)" } ?? ""
            lines.append(
                "\(mode) \(status.st_uid):\(status.st_gid) \(status.st_size) \(status.st_mtim.tv_sec) \(place)\(name)\(target)"
            )
            if status.st_mode & S_IFMT == S_IFDIR { list(path, "\(place)\(name)/", &lines) }
        }
    }
}

extension Files {
    fileprivate static func exists(_ path: FilePath) -> Bool { access(path.string, F_OK) == 0 }
}
