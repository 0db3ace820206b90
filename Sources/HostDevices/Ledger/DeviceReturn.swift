/// What came of giving devices back.
package struct DeviceReturn: Sendable, Hashable {
    /// What could not be given back.
    package var left: DeviceHold
    package var problems: [DeviceError]

    package init(left: DeviceHold, problems: [DeviceError]) {
        self.left = left
        self.problems = problems
    }
}
