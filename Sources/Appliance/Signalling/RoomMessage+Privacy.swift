internal import RemoteControl

extension RoomMessage {
    /// What of the desk is hidden, as one person is told.
    package struct Privacy: Encodable, Hashable, Sendable {
        /// Whether everything is hidden from those who do not see behind it.
        package var curtain: Bool
        /// Whether they hear the desk all the same.
        package var sound: Bool
        /// Whether parts are hidden.
        package var masked: Bool
        /// Whether nothing is hidden from the person who is told.
        package var clear: Bool
        /// Only for who may hide something.
        package var details: Details?

        package init(curtain: Bool = false, sound: Bool = true, masked: Bool = false, clear: Bool = true) {
            self.curtain = curtain
            self.sound = sound
            self.masked = masked
            self.clear = clear
        }

        package struct Details: Encodable, Hashable, Sendable {
            package var rectangles: [Rectangle]
            /// X's ids.
            package var windows: [UInt32]
            /// Those that are gone: their last places stay hidden.
            package var lost: [UInt32]
            /// Whether the curtain fell by itself: because the desk that followed windows was started anew or, if `resized`, because
            /// the desk has another size.
            package var fallen: Bool
            package var resized: Bool
        }

        /// In pixels of the desk.
        package struct Rectangle: Codable, Hashable, Sendable {
            package var x: UInt16
            package var y: UInt16
            package var width: UInt16
            package var height: UInt16
        }
    }

    /// A window that can be chosen to be hidden.
    package struct Window: Encodable, Hashable, Sendable {
        package var id: UInt32
        package var title: String
    }
}

extension RoomMessage.Privacy.Rectangle {
    init(_ rectangle: DeskCover.Rectangle) {
        self.init(x: rectangle.x, y: rectangle.y, width: rectangle.width, height: rectangle.height)
    }
}
