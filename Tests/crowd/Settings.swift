internal import Participant
internal import RemoteControl
internal import Wire

/// What a crowd is to do, as the command line says.
struct Settings {
    let room: RoomAddress
    var people = 12
    /// How long is measured; `nil`: as standard input says.
    var seconds: Int64?
    /// In all, of people who come and go; `nil`: everybody stays.
    var visits: Int?
    /// Seconds.
    var stay: Int64 = 5
    /// Of so many visits one ends without a goodbye; 0: none.
    var vanishing = 0
    /// Pixels of the screen that a camera and the desk take.
    var tileHeight = 180
    var deskHeight = 720
    var hasVideo = true
    var hasAudio = true
    /// How many talk at a time.
    var speakers = 2
    var media: String?
    var writesJSON = false
    /// What the first of them does with the desk; `nil`: nothing.
    var driving: Driver.Kind?

    static let usage = """
        usage: crowd [options] http://127.0.0.1:PORT/

        Joins a running room with native participants, as pages do: each sends a camera in three sizes and a
        microphone, and receives everybody else and the desk. Prints what they sent and received.

          --people N        how many; 12
          --seconds N       how long to measure, after everybody is in; without it, lines on standard input say:
                            "measure" begins, "report" prints, and the end of the input ends everything
          --media FOLDER    send the recordings q.rtp, h.rtp, f.rtp (VP8) and voice.rtp (Opus) of this folder, RTP
                            packets behind their lengths (RFC 4571), instead of payloads that nobody can decode
          --tile N          how high each camera is shown, in pixels, which chooses the size; 180; 0: not at all
          --desk N          how high the desk is shown; 720
          --speakers N      how many talk at a time, by turns; 2
          --drive           the first one asks for control and presses a key twenty times a second
          --draw            the first one asks for control and draws with the left button, as a hand does; lines on
                            standard input say "rest" and "draw"
          --no-video        no camera
          --no-audio        no microphone
          --json            prints JSON instead of a table
          --visits N        people come and go instead, N in --seconds, each for --stay
          --stay N          seconds; 5
          --vanish N        one visit in N ends without a goodbye; 0: none
        """

    /// `nil` for a command line that is none.
    init?(_ arguments: [String]) {
        var rest = arguments.dropFirst()
        var address: RoomAddress?
        var values: [String: Int] = [:]
        var flags: Set<String> = []
        while let word = rest.popFirst() {
            if Self.numbers.contains(word) {
                guard let value = rest.popFirst().flatMap({ Int($0) }), value >= 0 else { return nil }
                values[word] = value
            } else if Self.flags.contains(word) {
                flags.insert(word)
            } else if word == "--media", let folder = rest.popFirst() {
                media = folder
            } else {
                guard address == nil, let room = RoomAddress(word) else { return nil }
                address = room
            }
        }
        guard let address else { return nil }
        room = address
        people = values["--people"] ?? people
        seconds = values["--seconds"].map { Int64($0) }
        visits = values["--visits"]
        stay = values["--stay"].map { Int64($0) } ?? stay
        vanishing = values["--vanish"] ?? vanishing
        tileHeight = values["--tile"] ?? tileHeight
        deskHeight = values["--desk"] ?? deskHeight
        speakers = values["--speakers"] ?? speakers
        hasVideo = !flags.contains("--no-video")
        hasAudio = !flags.contains("--no-audio")
        writesJSON = flags.contains("--json")
        if flags.contains("--draw") {
            driving = .draws
        } else if flags.contains("--drive") {
            driving = Keysym("a").map { .types($0) }
        }
        guard visits == nil || seconds.map({ $0 > 0 }) == true else { return nil }
    }

    private static let numbers: Set = [
        "--people", "--seconds", "--visits", "--stay", "--vanish", "--tile", "--desk", "--speakers",
    ]
    private static let flags: Set = ["--draw", "--drive", "--no-video", "--no-audio", "--json"]
}
