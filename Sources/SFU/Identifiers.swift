/// Names a ``Router`` of one ``Worker``.
///
/// Never reused.
public struct RouterID: Hashable, Sendable {
    public let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a transport, of whatever kind, of one ``Worker``.
///
/// Never reused.
public struct TransportID: Hashable, Sendable {
    public let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a media source that a transport receives.
///
/// Never reused.
public struct ProducerID: Hashable, Sendable {
    public let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names one producer's way to one receiver.
///
/// Never reused.
public struct ConsumerID: Hashable, Sendable {
    public let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a data channel that the remote side opened.
///
/// Never reused.
public struct DataProducerID: Hashable, Sendable {
    public let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}

/// Names a data channel that this side opened.
///
/// Never reused.
public struct DataConsumerID: Hashable, Sendable {
    public let rawValue: UInt32

    package init(_ rawValue: UInt32) { self.rawValue = rawValue }
}
