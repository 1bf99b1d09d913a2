/// What a page is told of the shelf, as far as tests ask.
struct ToldActivities: Decodable {
    struct Activity: Decodable {
        var id: Int
        var name: String
        var state: String
        var status: Int?
    }

    struct Reset: Decodable {
        var ended: Int
        var home: String
    }

    var list: [Activity]
    var deletesHome: Bool
    var resetting: Bool
    var reset: Reset?

    var states: [String] { list.map(\.state) }
}
