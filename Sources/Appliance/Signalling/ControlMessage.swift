package import RemoteControl

extension RoomMessage {
    /// Who drives the desk, who would like to and who is to watch, as one person is told.
    package struct Control: Encodable, Hashable, Sendable {
        /// `nil`, in JSON `null`: nobody.
        package var holder: Person?
        /// Only for the holder, and whoever drives beside them.
        package var lease: UInt32?
        /// What the holder may do; for whoever drives beside them, what they may.
        package var rights: ControlRights
        /// When the holder's time is over, or for whoever drives beside them theirs, by the room's clock; `nil`, in JSON `null`: it has no end.
        package var until: Int64?
        /// Only for whoever may answer: who waits for control, longest first.
        package var asks: [Person]
        /// Until when each of ``asks`` waits for an answer, by the room's clock.
        package var asksUntil: [Int64]
        /// Whether the person who is told waits for control.
        package var waiting: Bool
        /// Whether the person who is told gives control to anybody and says who is to watch.
        package var mayGive: Bool
        /// Who drives beside the holder, each with a hand of their own; only where more than one may.
        package var hands: [Person]
        /// How many may drive at once.
        package var mostHands: Int
        /// What the person who is told is asked to consent to, or has.
        package var consents: [Consent]
        /// Who is kept from control for now.
        package var locked: [UInt64]
        /// Whose page shows the desk large for now.
        package var eyesOnMe: [UInt64]
        /// Which of the two is said of everybody.
        package var everybody: Everybody
        /// On whose desk eyes are.
        package var presenter: Person?
        /// Who takes turns; `nil`: nobody does.
        package var turns: Turns?
        /// Why a request was refused.
        package var denied: Refusal?
        /// Why this person has lost control.
        package var ended: Refusal?

        package struct Consent: Encodable, Hashable, Sendable {
            package var id: UInt32
            /// Who is to drive.
            package var person: Person
            package var given: Bool
            /// Until when an answer counts, by the room's clock.
            package var until: Int64?
        }

        package struct Everybody: Encodable, Hashable, Sendable {
            package var locked = false
            package var eyesOnMe = false
        }

        package init(
            holder: Person?,
            lease: UInt32? = nil,
            rights: ControlRights = [],
            until: Int64? = nil,
            asks: [Person] = [],
            waiting: Bool = false,
            mayGive: Bool = false,
            denied: Refusal? = nil
        ) {
            self.holder = holder
            self.lease = lease
            self.rights = rights
            self.until = until
            self.asks = asks
            self.waiting = waiting
            self.mayGive = mayGive
            self.denied = denied
            asksUntil = []
            hands = []
            mostHands = 1
            consents = []
            locked = []
            eyesOnMe = []
            everybody = Everybody()
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(holder, forKey: .holder)
            try container.encode(lease, forKey: .lease)
            try container.encode(rights.names, forKey: .rights)
            try container.encode(until, forKey: .until)
            try container.encode(asks, forKey: .asks)
            try container.encode(asksUntil, forKey: .asksUntil)
            try container.encode(waiting, forKey: .waiting)
            try container.encode(mayGive, forKey: .mayGive)
            if mostHands > 1 {
                try container.encode(hands, forKey: .hands)
                try container.encode(mostHands, forKey: .mostHands)
            }
            try container.encode(consents, forKey: .consents)
            try container.encode(locked, forKey: .locked)
            try container.encode(eyesOnMe, forKey: .eyesOnMe)
            try container.encode(everybody, forKey: .everybody)
            try container.encodeIfPresent(presenter, forKey: .presenter)
            try container.encodeIfPresent(turns, forKey: .turns)
            try container.encodeIfPresent(denied?.message, forKey: .denied)
            try container.encodeIfPresent(denied?.code?.rawValue, forKey: .deniedCode)
            try container.encodeIfPresent(ended?.message, forKey: .ended)
            try container.encodeIfPresent(ended?.code?.rawValue, forKey: .endedCode)
            if let values = (denied ?? ended)?.values, !values.isEmpty {
                try container.encode(values, forKey: .values)
            }
        }

        private enum Key: CodingKey {
            case asks, asksUntil, consents, denied, deniedCode, ended, endedCode, everybody, eyesOnMe, hands,
                holder,
                lease,
                locked,
                mayGive, mostHands, presenter, rights, turns, until, values, waiting
        }
    }
}

/// By the names that messages have for them.
extension ControlRights {
    package var names: [String] { Self.table.filter { contains($0.right) }.map(\.name) }

    /// Those of these names; `nil` if one of them is none.
    package init?(names: [String]) {
        self = []
        for name in names {
            guard let right = Self.table.first(where: { $0.name == name })?.right else { return nil }
            insert(right)
        }
    }

    private static let table: [(name: String, right: ControlRights)] = [
        ("pointer", .pointer), ("keyboard", .keyboard),
    ]
}
