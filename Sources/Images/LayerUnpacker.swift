import SystemPackage

/// One layer as it lies on the disk.
struct LayerSource: Codable, Hashable, Sendable {
    let digest: ImageDigest
    let path: FilePath
    let size: Int64
}

/// Streams the layers of an image: builds its tree, and takes wanted files out on the way, so that the usual image of
/// one layer is unpacked once. Blocks its thread.
struct LayerUnpacker {
    let image: String
    let layers: [LayerSource]
    let limits: ImageLimits
    let scratch: FilePath
    let cancellation: Cancellation
    let progress: ImageProgressListener?

    /// Reads all layers; `wanted` says by its name (without a leading slash) which file's content is taken out.
    func unpack(
        wanted: (String) -> Bool
    ) throws(ImageError) -> (tree: LayerTree, captured: [ContentID: FilePath]) {
        let tree = LayerTree(image: image)
        var captured: [ContentID: FilePath] = [:]
        var budget = UnpackBudget(image: image, folder: scratch, limits: limits)
        try read(Array(layers.indices), &budget) { entry, id, reader, budget throws(ImageError) in
            try tree.add(entry, as: id)
            guard entry.kind == .file, wanted(Self.plainName(entry.name)) else { return false }
            captured[id] = try capture(id, entry, &reader, &budget)
            return true
        }
        return (tree, captured)
    }

    /// Takes out contents that were found in the tree, but not wanted by name.
    func extract(_ contents: Set<ContentID>) throws(ImageError) -> [ContentID: FilePath] {
        var captured: [ContentID: FilePath] = [:]
        var budget = UnpackBudget(image: image, folder: scratch, limits: limits)
        try read(Set(contents.map(\.layer)).sorted(), &budget) { entry, id, reader, budget throws(ImageError) in
            guard contents.contains(id) else { return false }
            captured[id] = try capture(id, entry, &reader, &budget)
            return true
        }
        return captured
    }

    /// Goes through the entries of some layers; `visit` returns whether it has read the entry's data.
    private func read(
        _ indices: [Int], _ budget: inout UnpackBudget,
        visit: (ArchiveEntry, ContentID, inout ArchiveReader, inout UnpackBudget) throws(ImageError) -> Bool
    ) throws(ImageError) {
        let total = indices.reduce(0) { $0 + layers[$1].size }
        var done: Int64 = 0
        for index in indices {
            var reader = try ArchiveReader(layers[index].path, image: image, layer: "\(layers[index].digest)")
            var number = 0
            while let entry = try reader.next() {
                try cancellation.check(image: image)
                try budget.countEntry(reader)
                let isRead = try visit(entry, ContentID(layer: index, entry: number), &reader, &budget)
                if !isRead { try pass(&reader, budget) }
                number += 1
                progress?(
                    ImageProgress(
                        phase: .extracting, completedBytes: done + reader.packedBytes, totalBytes: total))
            }
            budget.finish(reader)
            done += layers[index].size
        }
    }

    /// Reads over an entry's data block by block, since libarchive's own skip would follow an endless one to its end.
    private func pass(_ reader: inout ArchiveReader, _ budget: UnpackBudget) throws(ImageError) {
        // SAFETY: the blocks are not looked at.
        try unsafe reader.forEachBlock { _, _, reader throws(ImageError) in
            try budget.check(packed: reader.packedBytes, unpacked: reader.unpackedBytes)
            try cancellation.check(image: image)
        }
    }

    private func capture(
        _ id: ContentID, _ entry: ArchiveEntry, _ reader: inout ArchiveReader, _ budget: inout UnpackBudget
    ) throws(ImageError) -> FilePath {
        // SAFETY: each block is used only during the call that gives it.
        try budget.checkFile(entry.size)
        let path = scratch.appending("file-\(id.layer)-\(id.entry)")
        var writer = try SparseFileWriter(path, hashes: false)
        var reported: Int64 = 0
        try unsafe reader.forEachBlock { block, offset, reader throws(ImageError) in
            try cancellation.check(image: image)
            try budget.check(packed: reader.packedBytes, unpacked: reader.unpackedBytes)
            let (end, overflow) = offset.addingReportingOverflow(Int64(block.count))
            try budget.checkFile(overflow || offset < writer.size ? .max : end)
            try skip(&writer, to: offset, budget, packed: reader.packedBytes)
            try budget.guardSpace { () throws(ImageError) in try unsafe writer.append(block) }
            try budget.countStored(writer.storedBytes)
            if let progress, reader.packedBytes - reported > 4 << 20 {
                reported = reader.packedBytes
                let before = layers[..<id.layer].reduce(0) { $0 + $1.size }
                progress(
                    ImageProgress(
                        phase: .extracting, completedBytes: before + reported,
                        totalBytes: layers.reduce(0) { $0 + $1.size }))
            }
        }
        try skip(&writer, to: entry.size, budget, packed: reader.packedBytes)
        budget.finishFile(writer.storedBytes)
        _ = try writer.finish()
        return path
    }

    /// Makes a hole in steps, since hashing the zeros of a large one takes long.
    private func skip(
        _ writer: inout SparseFileWriter, to end: Int64, _ budget: UnpackBudget, packed: Int64
    ) throws(ImageError) {
        while writer.size < end {
            try cancellation.check(image: image)
            try budget.check(packed: packed, unpacked: writer.size)
            writer.skip(to: min(end, writer.size + 64 << 20))
        }
    }

    /// A name without leading `./`; what the tree refuses never gets here.
    private static func plainName(_ name: String) -> String {
        name.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
