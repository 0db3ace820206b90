import Testing

@testable import Images

@Suite struct LayerTreeTests {
    /// Adds entries layer by layer.
    private func tree(_ layers: [[(String, ArchiveEntry.Kind)]]) throws(ImageError) -> LayerTree {
        let tree = LayerTree(image: "i")
        for (layer, entries) in layers.enumerated() {
            for (number, entry) in entries.enumerated() {
                try tree.add(
                    ArchiveEntry(name: entry.0, kind: entry.1, size: 0), as: ContentID(layer: layer, entry: number))
            }
        }
        return tree
    }

    private func names(_ tree: LayerTree) throws -> [String] { try tree.files(under: "disk").map(\.path) }

    @Test("a later layer replaces what an earlier one has")
    func replaced() throws {
        let tree = try tree([[("./disk/a", .file)], [("disk/a", .file)]])
        #expect(try tree.files(under: "disk").map(\.content) == [ContentID(layer: 1, entry: 0)])
    }

    @Test("a whiteout removes a file, and a folder with all it holds")
    func whiteout() throws {
        let tree = try tree([
            [("disk/a", .file), ("disk/b", .file), ("disk/sub/c", .file)],
            [("disk/.wh.a", .file), ("disk/.wh.sub", .file)],
        ])
        #expect(try names(tree) == ["/disk/b"])
    }

    @Test("a whiteout leaves what its own layer adds, whichever comes first")
    func whiteoutOfItsOwnLayer() throws {
        let before = try tree([[("disk/sub/a", .file)], [("disk/.wh.sub", .file), ("disk/sub/b", .file)]])
        let after = try tree([[("disk/sub/a", .file)], [("disk/sub/b", .file), ("disk/.wh.sub", .file)]])
        #expect(try names(before) == ["/disk/sub/b"])
        #expect(try names(after) == ["/disk/sub/b"])
    }

    @Test("an opaque folder hides lower layers only")
    func opaque() throws {
        let tree = try tree([
            [("disk/a", .file), ("disk/sub/x", .file)], [("disk/new", .file), ("disk/.wh..wh..opq", .file)],
            [("disk/third", .file)],
        ])
        #expect(try names(tree) == ["/disk/new", "/disk/third"])
    }

    @Test("a file takes a folder's place and the other way round")
    func kindsReplace() throws {
        #expect(try names(tree([[("disk/a/b", .file)], [("disk/a", .file)]])) == ["/disk/a"])
        #expect(try names(tree([[("disk/a", .file)], [("disk/a/b", .file)]])) == ["/disk/a/b"])
    }

    @Test("a folder that comes again keeps what it holds")
    func folderAgain() throws {
        #expect(try names(tree([[("disk", .folder), ("disk/a", .file)], [("disk/", .folder)]])) == ["/disk/a"])
    }

    @Test("names that leave the image are refused", arguments: ["../a", "disk/../../a", "/disk/a", "disk/..", "//x"])
    func refused(name: String) {
        #expect(throws: ImageError.self) { try tree([[(name, .file)]]) }
    }

    @Test("a link inside its folder leads to its file")
    func link() throws {
        let tree = try tree([[("disk/a", .symlink(target: "./sub/../b")), ("disk/b", .file)]])
        #expect(try tree.file("/disk/a").content == ContentID(layer: 0, entry: 1))
        #expect(try tree.file("/disk/a").isLink)
        #expect(try tree.files(under: "disk").filter { !$0.isLink }.map(\.path) == ["/disk/b"])
    }

    @Test(
        "a link out of its folder is refused", arguments: ["/etc/shadow", "../b", "sub/../../b", "../../../etc/shadow"])
    func linkOut(target: String) throws {
        let tree = try tree([[("disk/a", .symlink(target: target)), ("b", .file)]])
        #expect(throws: ImageError.linkOutOfFolder(image: "i", path: "/disk/a", target: target)) {
            try tree.file("/disk/a")
        }
    }

    @Test("links in a circle, to nothing and to a folder are refused")
    func deadLinks() throws {
        let tree = try tree([
            [
                ("disk/a", .symlink(target: "b")), ("disk/b", .symlink(target: "a")),
                ("disk/c", .symlink(target: "none")),
                ("disk/d", .symlink(target: "sub")), ("disk/sub", .folder),
            ]
        ])
        for name in ["a", "c", "d"] { #expect(throws: ImageError.self, "\(name)") { try tree.file("/disk/\(name)") } }
    }

    @Test("a hard link shares the content, even after its target is removed")
    func hardLink() throws {
        let tree = try tree([
            [("images/x", .file), ("disk/a", .hardLink(target: "./images/x"))], [("images/.wh.x", .file)],
        ])
        #expect(try tree.file("/disk/a").content == ContentID(layer: 0, entry: 0))
    }

    @Test("a hard link out of the image or to nothing is refused")
    func badHardLink() throws {
        let tree = try tree([
            [
                ("disk/a", .hardLink(target: "/etc/shadow")), ("disk/b", .hardLink(target: "../x")),
                ("disk/c", .hardLink(target: "none")),
            ]
        ])
        for (name, target) in [("a", "/etc/shadow"), ("b", "../x")] {
            #expect(throws: ImageError.linkOutOfFolder(image: "i", path: "/disk/\(name)", target: target)) {
                try tree.file("/disk/\(name)")
            }
        }
        #expect(throws: ImageError.linkToNothing(image: "i", path: "/disk/c", target: "none")) {
            try tree.file("/disk/c")
        }
    }

    @Test("a device under /disk is refused, elsewhere it only cannot be used")
    func device() throws {
        #expect(throws: ImageError.notARegularFile(image: "i", path: "/disk/sda", kind: "device node")) {
            try tree([[("disk/sda", .special("device node"))]]).files(under: "disk")
        }
        let other = try tree([[("dev/sda", .special("device node")), ("disk/a", .file)]])
        #expect(try names(other) == ["/disk/a"])
    }

    @Test("a path that a VMI names cannot leave the image", arguments: ["../x", "/disk/../../x", "", "/", "a\0b"])
    func paths(path: String) throws {
        let tree = try tree([[("x", .file), ("disk/a", .file)]])
        #expect(throws: ImageError.self) { try tree.file(path) }
    }
}
