import FoundationEssentials
import SystemPackage
import Testing

@testable import NodeAgent

@Suite struct IntentStoreTests {
    let bench: SessionBench
    let store: IntentStore

    init() throws {
        bench = try SessionBench()
        store = IntentStore(bench.folders)
    }

    @Test("an intent is read back as it was written, until it ends")
    func roundTrip() throws {
        let intent = bench.intent("web", folders: ["/a/b"])
        #expect(store.all().isEmpty)
        try store.begin(intent)
        #expect(store.all() == [intent])
        try store.end(intent)
        #expect(store.all().isEmpty)
        try store.end(intent)
    }

    @Test("a late writer brings no intent back that has ended, and touches no successor's")
    func lateWriter() throws {
        let intent = bench.intent("web")
        try store.begin(intent)
        try store.end(intent)
        try store.update(intent)
        #expect(store.all().isEmpty)
        let successor = bench.intent("web", uid: "u2")
        try store.begin(successor)
        try store.update(intent)
        try store.end(intent)
        #expect(store.all() == [successor])
    }

    @Test("a name is taken once, and the second one is told who has it")
    func nameTaken() throws {
        try store.begin(bench.intent("web"))
        let error = #expect(throws: AgentError.self) { try store.begin(bench.intent("web", session: "00bb00")) }
        #expect(
            error?.description
                == "default/web runs already (virt-node run, process 42): stop that one, or give this one another name")
        #expect(store.all().map(\.session) == ["00aa00"])
    }

    @Test("a uid is taken once, whatever the name")
    func uidTaken() throws {
        try store.begin(bench.intent("web"))
        let error = #expect(throws: AgentError.self) { try store.begin(bench.intent("other")) }
        #expect(
            error?.description
                == "default/other: metadata.uid u1 belongs to a VMI that runs already: remove it from the file")
        try store.begin(bench.intent("other", uid: "u2"))
        #expect(store.all().count == 2)
    }

    @Test("the file is for root alone, and nothing is left beside it")
    func file() throws {
        try store.begin(bench.intent("web"))
        #expect(try Stat(bench.folders.intent("default_web")).permissions.rawValue == 0o600)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.folders.intents.string) == ["default_web.json"])
    }

    @Test("a broken intent, or one of a newer version, is left alone")
    func strangers() throws {
        try store.begin(bench.intent("web"))
        var newer = bench.intent("newer", uid: "u2")
        newer.schema = Intent.currentSchema + 1
        try store.begin(newer)
        for (name, text) in [("broken.json", "{"), ("empty.json", ""), (".hidden.json", "{}"), ("note.txt", "x")] {
            try Data(text.utf8).write(to: URL(filePath: bench.folders.intents.appending(name).string))
        }
        #expect(store.all().map(\.name) == ["web"])
        #expect(bench.exists(bench.folders.intent("default_newer")))
    }
}
