package import RemoteControl

extension RoomMessage {
    /// How large the desk's screen is, and what can be chosen.
    package struct ScreenSize: Encodable, Hashable, Sendable {
        package struct Size: Encodable, Hashable, Sendable {
            package var width: Int
            package var height: Int

            package init(_ size: DeskSize) {
                (width, height) = (Int(size.width), Int(size.height))
            }
        }

        /// Pixels; 0 while there is no screen.
        package var width = 0
        package var height = 0
        /// Whose choice this size is; left out where it is nobody's.
        package var by: UInt64?
        /// Left out where the size cannot be changed.
        package var largest: Size?
        /// What is offered.
        package var sizes: [Size] = []

        package init() {}
    }
}
