// All that the page says, by id, in the language that was set last. Which one that is: language.js.

import * as words from './client/catalogue.js';
import { en } from './en.js';

words.setCatalogue(en, 'en');

export const setCatalogue = words.setCatalogue;
export const current = words.current;
export const currentLocale = words.currentLocale;
export const say = words.say;
export const parts = words.parts;
export const has = words.has;
export const quantity = words.quantity;
