/** A list to choose the page's language from, each by its own name for itself. */
export class LanguageChoice {
    /** @param {HTMLSelectElement} select @param {Language} language as in `language.js` */
    constructor(select, language) {
        select.replaceChildren(...language.all.map(({ tag, name }) => {
            const option = new Option(name, tag);
            option.lang = tag;
            return option;
        }));
        const show = () => (select.value = language.tag);
        show();
        language.addEventListener('change', show);
        select.addEventListener('change', () => language.choose(select.value));
    }
}
