/** What every run is given and must never show. */
export const secrets = { key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYSIMULATED', token: 'IQoJb3JpZ2luX2VjSIMULATEDTOKEN' };
