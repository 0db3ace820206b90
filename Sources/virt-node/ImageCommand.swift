import ArgumentParser
import FoundationEssentials
import Glibc
import Images
import SystemPackage

/// `virt-node image …`: the images on this node.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Pull, import, list and remove the images on this node.",
        subcommands: [Pull.self, Import.self, List.self, Remove.self, Prune.self])

    /// Where the store lies.
    struct StoreOptions: ParsableArguments {
        @Option(name: .long, help: "A folder that stands for / in all paths of virt-node.")
        var root = "/"

        func open() throws(ImageError) -> ImageStore {
            try ImageStore(folder: FilePath(root).appending("var/cache/virt-node/images"), helper: .own)
        }
    }

    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table, wide, json
    }
}

extension ImageCommand {
    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring an image here from its registry.",
            discussion: "Only what has changed is downloaded. Prints the image's name and digest.")

        @OptionGroup var store: StoreOptions
        @Argument(help: "[docker://]registry/repository[:tag][@sha256:…]") var image: String
        @Flag(name: .long, inversion: .prefixedNo, help: "Require HTTPS and check certificates.") var tlsVerify = true
        @Option(
            name: .long, help: ArgumentHelp("A file with logins, in docker's config.json format.", valueName: "file"))
        var authfile: String?
        @Option(name: .long, help: ArgumentHelp("A folder with *.crt, *.cert and *.key.", valueName: "folder"))
        var certDir: String?

        func run() async throws {
            try await ImageCommand.exiting {
                let options = RegistryOptions(
                    tlsVerify: tlsVerify, certDir: certDir.map { FilePath($0) }, authFile: authfile.map { FilePath($0) }
                )
                let bar = ImageProgressBar(title: image)
                defer { bar?.finish() }
                let pulled = try await store.open().pull(
                    ImageReference(image), policy: .always, options: options, progress: bar?.listener)
                bar?.finish()
                print("\(pulled.name)@\(pulled.digest)")
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an image out of a disk, an OCI layout or a folder of files, without a registry.",
            discussion: """
                PATH is a qcow2 or raw file; an OCI layout (a folder with index.json, or an oci-archive ending in .tar);
                or a folder whose files become the image's files, such as boot/vmlinuz for a kernelBoot.
                """)

        @OptionGroup var store: StoreOptions
        @Argument(help: "The name a VMI uses, such as hello:latest; a registry is not needed.") var name: String
        @Argument var path: String

        func run() async throws {
            try await ImageCommand.exiting {
                let bar = ImageProgressBar(title: name)
                defer { bar?.finish() }
                let store = try store.open()
                let file = FilePath(path)
                let isFolder = (try? Stat(file))?.type == .directory
                let imported =
                    if isFolder ? (try? Stat(file.appending("index.json"))) != nil : path.hasSuffix(".tar") {
                        try await store.importLayout(at: file, name: name, progress: bar?.listener)
                    } else if isFolder {
                        try await store.importFolder(at: file, name: name, progress: bar?.listener)
                    } else {
                        try await store.importDisk(at: file, name: name, progress: bar?.listener)
                    }
                bar?.finish()
                print("\(imported.name)@\(imported.digest)")
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "ls", abstract: "List the images on this node.")

        @OptionGroup var store: StoreOptions
        @Option(name: .shortAndLong, help: "table, wide or json.") var output = Output.table

        func run() async throws {
            try await ImageCommand.exiting {
                let images = try store.open().list()
                print(
                    try output == .json ? ImageListing.json(images) : ImageListing.table(images, wide: output == .wide))
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rm", abstract: "Forget images by name.",
            discussion: "Their files stay for the VMs that use them; 'image prune' removes what nobody uses.")

        @OptionGroup var store: StoreOptions
        @Argument(help: "Names as 'image ls' shows them.") var names: [String]

        func run() async throws {
            try await ImageCommand.exiting {
                let store = try store.open()
                for name in names { try await store.remove(name) }
            }
        }
    }

    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove files that no image names and no process on this node has open.")

        @OptionGroup var store: StoreOptions

        func run() async throws {
            try await ImageCommand.exiting {
                let freed = try await store.open().prune()
                print("freed \(ImageProgressBar.bytes(freed))")
            }
        }
    }

    /// Runs a command's work, prints its error and ends with the exit code of its kind.
    static func exiting(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as ImageError {
            var text = Array("virt-node: \(error)\n".utf8)
            _ = Glibc.write(STDERR_FILENO, &text, text.count)
            switch error.outcome {
            case .invalid: throw ExitCode(3)
            case .notFound: throw ExitCode(4)
            case .failed: throw ExitCode(1)
            }
        }
    }
}
