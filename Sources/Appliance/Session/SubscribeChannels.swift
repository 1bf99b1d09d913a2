package import SFU
package import WebRTC

/// The data channels that the room opens on a subscribe connection, each with a label.
package struct SubscribeChannels {
    package static let chatLabel = "chat"
    package static let cursorLabel = "cursor"
    package static let pointingLabel = "pointing"

    private var unopened: [String] = []
    private var channels: [String: DataConsumerID] = [:]
    private var open: Set<DataConsumerID> = []

    package init() {}

    /// The channel with this label, once it is open.
    package subscript(_ label: String) -> DataConsumerID? {
        channels[label].flatMap { open.contains($0) ? $0 : nil }
    }

    package func label(of channel: DataConsumerID) -> String? {
        channels.first { $0.value == channel }?.key
    }

    /// How messages are carried on the channel with this label.
    static func parameters(of label: String) -> DataChannelParameters {
        // Where somebody pointed a moment ago keeps nobody waiting to learn where they do now.
        label == pointingLabel
            ? DataChannelParameters(label: label, isOrdered: false, maximumRetransmits: 0)
            : DataChannelParameters(label: label)
    }

    /// The page takes data channels.
    mutating func begin() { unopened = [Self.pointingLabel, Self.chatLabel, Self.cursorLabel] }

    /// The label of the next one to be made.
    mutating func pollLabel() -> String? { unopened.popLast() }

    mutating func handleMade(_ channel: DataConsumerID, label: String) { channels[label] = channel }

    package mutating func handleOpened(_ channel: DataConsumerID) { open.insert(channel) }

    package mutating func handleClosed(_ channel: DataConsumerID) { open.remove(channel) }
}
