/// `<seclabel type='static' model='dac' relabel='no'>`: a fixed user, and no file is chowned on the domain's behalf.
package struct SecurityLabel: XMLPart {
    package var uid: UInt32
    package var gid: UInt32
    package var rest: XMLRest?

    package init() { self.init(uid: 0, gid: 0) }

    package init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }

    package mutating func visit(_ visitor: inout some XMLVisitor) {
        visitor.constant("type", "static")
        visitor.constant("model", "dac")
        visitor.constant("relabel", "no")
        var user = UserAndGroup(uid: uid, gid: gid)
        visitor.group("label") { $0.requiredText(&user) }
        if visitor.isReading { (uid, gid) = (user.uid, user.gid) }
    }
}

/// `+107:+107`: a user and a group by number.
private struct UserAndGroup: XMLValue {
    var uid: UInt32
    var gid: UInt32

    init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }

    init?(xml text: String) {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ $0.hasPrefix("+") }), let uid = UInt32(halves[0].dropFirst()),
            let gid = UInt32(halves[1].dropFirst()), text == "+\(uid):+\(gid)"
        else { return nil }
        self.init(uid: uid, gid: gid)
    }

    func write(to output: inout XMLOutput) {
        output.append("+")
        output.append(uid)
        output.append(":+")
        output.append(gid)
    }
}
