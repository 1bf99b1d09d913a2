/// What one session takes of a node, by how many people are in it; measured, see docs/performance.md.
package struct SessionCost: Hashable {
    /// Of one core.
    package let processor: Double
    /// MB, PSS of all processes of the container, with one activity.
    package let memory: Double
    /// Datagrams a second that leave.
    package let packets: Double
    /// Mbit/s that leave.
    package let rate: Double

    /// What it takes with so many people.
    ///
    /// Three people with one who draws took 12.7 % of a core, 3.7 of it the room, and fourteen take 12 % for the room: between
    /// and beyond these two along a line. Memory: 169 MB with three people, and 80 MB for an activity. The desk is 320 packets a
    /// second to everybody at 2.5 Mbit/s, and each of the others 125 at 0.5 Mbit/s, which is what 27 300 packets a second in a
    /// conference of fourteen come to.
    package init(people: Int) {
        let people = Double(people)
        processor = 0.127 + 0.00755 * (people - 3)
        memory = 250 + people
        packets = people * (320 + 125 * (people - 1))
        rate = people * (2.5 + 0.5 * (people - 1))
    }

    /// Of an empty container that waits: the desk is up and nobody looks at it.
    package static let warm = (processor: 0.0008, memory: 107.0)
}
