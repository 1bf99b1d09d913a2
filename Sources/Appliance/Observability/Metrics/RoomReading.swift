package import Access
package import RemoteControl
package import SFU

/// What the room knows of itself at one moment, for metrics: numbers only.
package struct RoomReading: Sendable {
    package var media = MediaReading()
    package var control: ControlStatistics?
    package var people: [Role: Int] = [:]
    package var waiting = 0
    package var isControlled = false
    package var desk: DeskStatistics?
    package var isDeskConnected = false
    package var audit: AuditCounts?

    package init() {}
}

/// What has become of entries of the audit.
package struct AuditCounts: Hashable, Sendable {
    /// Entries that are on the disk, writes that failed, entries that were lost, and those that wait.
    package var written: UInt64 = 0
    package var failed: UInt64 = 0
    package var lost: UInt64 = 0
    package var waiting = 0
    package var isKeepingUp = true

    package init() {}
}

extension Session {
    /// All but what the media thread knows.
    package func reading() -> RoomReading {
        var reading = RoomReading()
        for member in people { reading.people[member.grant.role, default: 0] += 1 }
        reading.waiting = waitingPeople().people.count
        reading.isControlled = isControlled
        reading.desk = desk.statistics
        reading.isDeskConnected = desk.isConnected
        reading.audit = audit.counts
        return reading
    }
}
